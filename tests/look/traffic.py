# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pictures show: providers that answer like real ones, and the programs of a working day that call them."""
import http.client
import http.server
import itertools
import json
import random
import threading
import time

ANSWER = ("A portolan is a chart of coasts and harbours. Sailors drew it from bearings and distances they had measured "
          "themselves, which is why it still agrees so well with the shore.").split()

# account slug, provider of the catalog, models
ACCOUNTS = {
    "openai": ("openai", ["gpt-4o-mini", "gpt-4o", "gpt-4.1"]),
    "openrouter": ("openrouter", ["anthropic/claude-sonnet-4", "meta-llama/llama-3.3-70b-instruct"]),
    "mistral": ("mistral-ai", ["mistral-large-latest", "mistral-small-latest"]),
    "groq": ("groq", ["llama-3.3-70b-versatile"]),
}
PROGRAMS = ["OpenAI/JS 7.57.0", "OpenAI/Python 2.8.1", "curl/8.5.0", "aider/0.86"]
QUESTIONS = [
    "What is a portolan?",
    "Summarise the change in one sentence.",
    "Write a unit test for parseDuration.",
    "Translate: the harbour lies north-east of the cape.",
    "Which of these two queries is cheaper, and why?",
]


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    failing = ""  # a model whose provider is in trouble

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send({"object": "list", "data": [{"id": model} for _, models in ACCOUNTS.values() for model in models]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model = body["model"]
        if model == self.server.failing:
            return self.send({"error": {"message": "The server is overloaded, please try again later.",
                                        "type": "server_error"}}, random.choice([500, 503, 503, 429]))
        count = random.randint(8, len(ANSWER))
        prompt = sum(len(m["content"]) for m in body["messages"]) // 4 + 12
        usage = {"prompt_tokens": prompt, "completion_tokens": count, "total_tokens": prompt + count}
        time.sleep(random.uniform(0.05, 0.3))
        if body.get("stream"):
            return self.stream(model, ANSWER[:count], usage)
        self.send({"id": "chatcmpl-look", "object": "chat.completion", "created": int(time.time()), "model": model,
                   "choices": [{"index": 0, "message": {"role": "assistant", "content": " ".join(ANSWER[:count])},
                                "finish_reason": "stop"}], "usage": usage})

    def send(self, value, status=200):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def stream(self, model, words, usage):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

        def frame(fields):
            text = "data: " + (fields if isinstance(fields, str) else json.dumps(
                {"id": "chatcmpl-look", "object": "chat.completion.chunk", "created": int(time.time()), "model": model,
                 **fields})) + "\n\n"
            self.wfile.write(f"{len(text):x}\r\n{text}\r\n".encode())

        for word in words:
            frame({"choices": [{"index": 0, "delta": {"content": word + " "}, "finish_reason": None}]})
            time.sleep(random.uniform(0.01, 0.08))
        frame({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        frame({"choices": [], "usage": usage})
        frame("[DONE]")
        self.wfile.write(b"0\r\n\r\n")


class Provider(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, failing=""):
        super().__init__(("127.0.0.1", 0), Answers)
        self.failing = failing
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that leaves is part of the picture


def call(port, key, number, patience=20):
    """One request of the day. The same number asks the same thing."""
    dice = random.Random(number)
    slug = dice.choices(list(ACCOUNTS), weights=[6, 3, 2, 2])[0]
    model = f"@{slug}/{dice.choice(ACCOUNTS[slug][1])}"
    if number % 17 == 5:
        model = "@practice/" + dice.choice(["cut-stream-5", "rate-limited-2s", "bad-json", "echo"])
    elif number % 29 == 11:
        model = "@opnai/gpt-4o"  # a slip of the pen
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "User-Agent": dice.choice(PROGRAMS)}
    body = {"model": model, "stream": number % 3 != 0,
            "messages": [{"role": "user", "content": dice.choice(QUESTIONS) + " ." * dice.randint(0, 300)}]}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=0.2 if number % 23 == 7 else patience)
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass  # left early, or was cut off
    finally:
        connection.close()


class Programs:
    """Several programs at once that call the gateway until stopped."""

    def __init__(self, port, key, count=4, first=1000):
        self.numbers = itertools.count(first)
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(port, key), daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def work(self, port, key):
        while not self.over.wait(0.15):
            call(port, key, next(self.numbers))

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(5)


def seed(port, key, count):
    """The first `count` requests of the day, eight at a time."""
    numbers = iter(range(count))
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            call(port, key, number)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
