# SPDX-License-Identifier: GPL-3.0-or-later
"""What a translation adds end to end: one gateway, an OpenAI client, rounds that alternate between a provider that speaks
the client's dialect (the bytes pass) and one that speaks Anthropic's."""
from results import Results, machine, number, yes

PROFILES = {
    "json": "json:1024", "messages": "messages:1024",
    "sse": "sse:64:2000", "messages-sse": "messages-sse:64:2000",
}
MODELS = {"json": "gpt-4o-mini", "sse": "gpt-4o-mini", "messages": "claude-haiku-4-5", "messages-sse": "claude-haiku-4-5"}
NATIVE, TRANSLATED = "native", "translated"
EXCHANGE, FRAME = "2 KB exchange, p50 (us)", "a frame from provider to client, p50 (us)"
# row, native and translated profile, loadgen's figure, bound of the difference in us
ROWS = [(EXCHANGE, "json", "messages", "p50_us", 150), (FRAME, "sse", "messages-sse", "frame_p50_us", 20)]


class Translation:
    def __init__(self, rig, quick):
        self.rig, self.quick, self.results, self.notes = rig, quick, Results(), []
        ports = rig.mock(PROFILES)
        self.gateway = rig.gateway("translation")
        self.gateway.make_key()
        for slug, port in ports.items():
            self.gateway.add_account(slug, port, "anthropic" if slug.startswith("messages") else "openai")
        self.gateway.set("capture.level", 1)
        self.gateway.start()

    def run(self, profile, seconds):
        body = self.rig.body(f"@{profile}/{MODELS[profile]}", 2048, stream=profile.endswith("sse"))
        result = self.rig.load(self.gateway.port, body, [f"Authorization: Bearer {self.gateway.key}"], connections=1, seconds=seconds)
        if result["errors"] or result["unanswered"] or not result["requests"]:
            self.notes.append(f"{profile}: {result['errors']} errors, {result['unanswered']} unanswered, {result['statuses']}")
        return result

    def measure(self):
        for profile in PROFILES:
            self.run(profile, 1)
        for turn in range(2 if self.quick else 10):
            for row, native, translated, figure, _ in ROWS:
                pair = [(NATIVE, native), (TRANSLATED, translated)]
                for name, profile in pair if turn % 2 == 0 else reversed(pair):
                    self.results.add(row, name, self.run(profile, 1 if self.quick else 3)[figure])

    def report(self):
        lines = [f"{machine(self.quick)} An OpenAI client; a provider that speaks OpenAI's chat API, and one that speaks Anthropic's Messages.",
                 "", "| | native | translated | added | bound | met |", "|---|--:|--:|--:|--:|---|"]
        for row, _, _, _, bound in ROWS:
            native, translated = self.results.median(row, NATIVE), self.results.median(row, TRANSLATED)
            added = translated - native
            lines.append(f"| {row} | {number(native)} | {number(translated)} | {number(added)} | {bound} | {yes(added <= bound)} |")
        return "\n".join(lines + [""] + [f"* {note}" for note in self.notes]).rstrip() + "\n"
