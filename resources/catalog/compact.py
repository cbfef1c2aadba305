#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes providers.txt and models.txt from providers.json and models.json (format: README.md beside this file).

    python3 resources/catalog/compact.py ../shared/catalog

The build does not run this: the two text files are part of the repository. Same input, same bytes.
"""

import json
import pathlib
import re
import sys
from decimal import Decimal

OUT = pathlib.Path(__file__).resolve().parent

# What a variable holds when it is not the credential itself. `part` fills a {name} of the base URL or names an
# account, a region or a project, or is one more setting; `secret` is the other half of the key named before it.
ENV_ROLES = {
    "AZURE_AI_ENDPOINT": "endpoint",
    "AZURE_OPENAI_ENDPOINT": "endpoint",
    "DATABRICKS_HOST": "endpoint",
    "OLLAMA_HOST": "endpoint",
    "QDRANT_URL": "endpoint",
    "WATSONX_URL": "endpoint",
    "AWS_PROFILE": "part",
    "AWS_REGION": "part",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "part",
    "AZURE_COGNITIVE_SERVICES_RESOURCE_NAME": "part",
    "AZURE_RESOURCE_NAME": "part",
    "CLOUDFLARE_ACCOUNT_ID": "part",
    "CLOUDFLARE_GATEWAY_ID": "part",
    "GOOGLE_APPLICATION_CREDENTIALS": "file",
    "GOOGLE_CLOUD_PROJECT": "part",
    "GOOGLE_VERTEX_LOCATION": "part",
    "GOOGLE_VERTEX_PROJECT": "part",
    "OCI_COMPARTMENT_ID": "part",
    "OCI_CONFIG_FILE": "file",
    "OCI_REGION": "part",
    "PREDIBASE_TENANT_ID": "part",
    "SNOWFLAKE_ACCOUNT": "part",
    "WATSONX_PROJECT_ID": "part",
}

# Names that look as if they held something else than a key; each must be in ENV_ROLES or here.
LOOKS_LIKE_NO_KEY = re.compile(
    r"_(ENDPOINT|HOST|URL|REGION|LOCATION|PROJECT|PROFILE|FILE|ACCOUNT|NAME|ID|CREDENTIALS)$"
)
KEYS_ALL_THE_SAME = {"AWS_ACCESS_KEY_ID", "GIGACHAT_CREDENTIALS"}

# The catalog's `expect` phrases as checks (README.md, "Probes"). An unknown phrase ends this script.
CHECKS = {
    "": "",
    "200": "",
    "200, empty body": "empty",
    "JSON (older builds: /get_server_info)": "json",
    "JSON array": "array",
    "JSON data[]": "key data[]",
    "JSON data[] of speech models": "item data task",
    "JSON data[] with type, arch, quantization, state": "each data type arch quantization state",
    "JSON key auth": "key auth",
    "JSON key backends": "key backends",
    "JSON key default_generation_settings": "key default_generation_settings",
    "JSON key extensions": "key extensions",
    "JSON key model_name": "key model_name",
    "JSON key model_path": "key model_path",
    "JSON key models[]": "key models[]",
    "JSON key version": "key version",
    "JSON keys Endpoints, ModelDirPath": "key Endpoints ModelDirPath",
    "JSON keys model_id, docker_label": "key model_id docker_label",
    "JSON keys model_id, model_type": "key model_id model_type",
    "JSON result 'KoboldCpp'": "value result KoboldCpp",
    "JSON status 'ok'": "value status ok",
    "body \"I'm alive!\"": "body I'm alive!",
    "body 'Ollama is running'": "body Ollama is running",
    "data[].owned_by == 'llamacpp'": "item data owned_by llamacpp",
    "data[].owned_by == 'lmdeploy'": "item data owned_by lmdeploy",
    "data[].owned_by == 'sglang'": "item data owned_by sglang",
    "data[].owned_by == 'vllm'": "item data owned_by vllm",
    "needs x-api-key or bearer": "guarded",
}
OLDER_PATHS = {"JSON (older builds: /get_server_info)": "/get_server_info"}

PRICE_KEYS = (
    "in out cache_read cache_write cache_write_1h reasoning citation audio_in audio_out audio_cache_read "
    "image_in image_out image_cache_read video_in video_out"
).split()
MODEL_KEYS = (
    "name sub price batch flex priority fast tiers scheduled units images regional region_multiplier variable_price "
    "ctx max_in max_out dims caps responses_only released deprecated status src disputed suspect"
).split()
LEFT_OUT = {"mode", "aliases", "seen", "meta_from"}


def plain(text, forbidden=""):
    """One line of text without the characters that separate fields."""
    text = re.sub(r"\s+", " ", text).strip()
    for c in "\t\n\r" + forbidden:
        if c in text:
            sys.exit(f"{text!r} holds {c!r}, which separates fields")
    return text


def number(value):
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def numbers(row, keys=None):
    """in:2.5,out:10"""
    order = [k for k in keys if k in row] if keys else sorted(row)
    if len(order) != len(row):
        sys.exit(f"unknown price key in {row}")
    return ",".join(f"{plain(k, ':,;>')}:{number(row[k])}" for k in order)


def tiers(rows):
    return ";".join(f"{row['over']}>{numbers({k: v for k, v in row.items() if k != 'over'}, PRICE_KEYS)}"
                    for row in rows)


def scheduled(row):
    if "tiers" in row:
        sys.exit("scheduled tiers: the format has no place for them yet")
    return f"{row['from']}>{numbers({k: v for k, v in row.items() if k != 'from'}, PRICE_KEYS)}"


def field(key, value):
    if key in ("price", "batch", "flex", "priority", "fast"):
        return numbers(value, PRICE_KEYS)
    if key in ("units", "images", "region_multiplier"):
        return numbers(value)
    if key == "tiers":
        return tiers(value)
    if key == "scheduled":
        return scheduled(value)
    if key == "regional":
        return ";".join(f"{plain(r, ':,;>')}>{numbers(value[r], PRICE_KEYS)}" for r in sorted(value))
    if key == "caps":
        return ",".join(plain(c, ",") for c in value)
    if value is True:
        return "yes"
    if isinstance(value, (int, Decimal)):
        return number(value)
    return plain(value)


def model_line(provider, model, entry):
    unknown = set(entry) - set(MODEL_KEYS) - LEFT_OUT
    if unknown:
        sys.exit(f"{provider}/{model}: unknown fields {sorted(unknown)}")
    # What runs in Ollama's cloud is not free, and no list has its price.
    if provider == "ollama" and model.lower().endswith("-cloud"):
        entry = {k: v for k, v in entry.items() if k not in ("price", "src")}
    columns = [plain(model, ",=["), ",".join(plain(a, ",=[") for a in entry.get("aliases", [])), plain(entry["mode"])]
    columns += [f"{key}={field(key, entry[key])}" for key in MODEL_KEYS if key in entry]
    return "\t".join(columns)


def auth_of(provider):
    """The preferred way to send the key: for Gemini a header, so that keys stay out of URLs."""
    auth = provider["auth"]
    preferred = [a for a in auth.get("alternatives", []) if a.get("preferred")]
    return preferred[0] if preferred else auth


def env_of(provider):
    names = []
    for name in provider.get("env", []):
        role = ENV_ROLES.get(name)
        if role is None and LOOKS_LIKE_NO_KEY.search(name) and name not in KEYS_ALL_THE_SAME:
            sys.exit(f"{name}: say in ENV_ROLES what it holds")
        names.append(f"{name}:{role}" if role else name)
    return ",".join(names)


def probes_of(provider):
    for probe in provider["local"].get("detect", []):
        words = probe.get("expect", "")
        if words not in CHECKS:
            sys.exit(f"{provider['id']}: no check for {words!r}")
        for path in filter(None, (probe["path"], OLDER_PATHS.get(words))):
            yield f"{plain(path, '|')}|{CHECKS[words]}|{plain(words, '|')}"


def pairs(mapping, separator=" "):
    return separator.join(f"{plain(k, '= ')}={plain(v, ' ')}" for k, v in mapping.items())


def provider_line(p):
    auth = auth_of(p)
    fields = [("base_url", p.get("base_url")), ("native_url", p.get("native_base_url")), ("auth", auth["scheme"]),
              ("auth_header", auth.get("header")), ("auth_prefix", auth.get("prefix")),
              ("auth_param", auth.get("param"))]
    fields += [("header", f"{name}: {value}") for name, value in p.get("headers", {}).items() if value != "optional"]
    fields += [("url_vars", pairs(p.get("base_url_vars", {}))), ("other_urls", pairs(p.get("base_url_alternatives", {})))]
    for key, name in (("aliases", "aliases"), ("key_prefixes", "key_prefixes"), ("endpoints", "endpoints"),
                      ("audio", "audio")):
        fields.append((name, ",".join(plain(v, ",") for v in p.get(key, []))))
    fields += [("env", env_of(p)), ("usage", p["usage_style"]),
               ("reasoning_scope", p.get("reasoning_price_scope")),
               ("batch_discount", number(p["batch_discount"]) if "batch_discount" in p else None),
               ("tool_prices", numbers(p.get("tool_prices", {}))), ("billing", p.get("billing")),
               ("free_local", "yes" if p.get("free_local") else None)]
    if "local" in p:
        local = p["local"]
        ports = [local["port"]] if local.get("port") else []
        fields.append(("ports", ",".join(str(n) for n in ports + local.get("port_alternatives", []))))
        fields.append(("processes", ",".join(plain(n, ",") for n in local.get("process_names", []))))
        fields.append(("port_discovery", local.get("port_discovery")))
        fields += [("probe", text) for text in probes_of(p)]
    fields += [("docs", p.get("docs")), ("pricing_url", p.get("pricing_url")), ("notes", p.get("notes"))]
    columns = [plain(p["id"], "="), plain(p["name"]), p["kind"], p["api_family"]]
    # A prefix such as "Bearer " ends in a blank that belongs to it.
    columns += [f"{k}={v if k == 'auth_prefix' else plain(v)}" for k, v in fields if v]
    return "\t".join(columns)


def load(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"), parse_float=Decimal)


def write(name, lines):
    (OUT / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{name}: {len(lines)} lines")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    providers = sorted(load(folder, "providers.json")["providers"], key=lambda p: p["id"])
    catalog = load(folder, "models.json")
    as_of = catalog["as_of"]
    write("providers.txt", [f"portolan-providers/1\tas_of={as_of}\tcount={len(providers)}"]
          + [provider_line(p) for p in providers])

    lines = []
    count = 0
    for provider in sorted(catalog["models"]):
        lines.append(f"[{provider}]")
        for model in sorted(catalog["models"][provider]):
            lines.append(model_line(provider, model, catalog["models"][provider][model]))
            count += 1
    write("models.txt", [f"portolan-models/1\tas_of={as_of}\tcount={count}"] + lines)


if __name__ == "__main__":
    main()
