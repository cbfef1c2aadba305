#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What 200 random usage reports of each style cost, computed with `decimal` from the catalog's own JSON by the rules
of its README ("Usage reports", "Cost"). Knows nothing of Portolan's code; tst_reports compares.

    reports.py CATALOG_DIR > reports.txt

Same seed and same catalog, same bytes. A line: style, provider, model, service, region, day, nano-USD, answer.
"""
import json
import random
import sys
from decimal import ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

getcontext().prec = 120

SEED = 20261121
REPORTS = 200
STYLES = ('openai', 'anthropic', 'gemini', 'bedrock-converse', 'cohere')
DAYS = ('2026-08-21', '2026-08-31', '2026-09-01', '2027-01-01')
OUTPUT_KEYS = {'out', 'reasoning', 'citation', 'audio_out', 'image_out', 'video_out'}
MILLION = Decimal(1_000_000)


def side(key):
    return 'out' if key in OUTPUT_KEYS else 'in'


def replaced(price, row):
    """`row` in the place of `price`; keys it lacks keep their ratio to the text price of their side."""
    new = {}
    for key in price.keys() | row.keys():
        if key in row:
            new[key] = row[key]
        elif side(key) in row and price[side(key)] != 0:
            new[key] = price[key] * row[side(key)] / price[side(key)]
        else:
            new[key] = price[key]
    return new


def rate(price, key):
    if key in price:
        return price[key]
    if key == 'cache_write_1h':
        return price['cache_write'] * 8 / 5 if 'cache_write' in price else price['in']
    if key in ('audio_cache_read', 'image_cache_read'):
        return rate(price, 'cache_read')
    return price[side(key)]


def prices_of(entry, provider, usage, service, region, day):
    price = dict(entry['price'])
    tiers = entry.get('tiers', [])
    if 'scheduled' in entry and day >= entry['scheduled']['from']:
        rest = {k: v for k, v in entry['scheduled'].items() if k not in ('from', 'tiers')}
        price = replaced(price, rest)
        tiers = entry['scheduled'].get('tiers', tiers)
    if service and service in entry:
        price = replaced(price, entry[service])
    else:
        if region in entry.get('regional', {}):
            price = replaced(price, entry['regional'][region])
        if service == 'batch':
            price = {k: v * (1 - provider['batch_discount']) for k, v in price.items()}
    reached = [t for t in tiers if usage['input'] > t['over']]
    if reached:
        tier, base = reached[-1], entry['price']
        for key in price:
            own = key in tier and base.get(key, 0) > 0
            over, under = (tier[key], base[key]) if own else (tier[side(key)], base[side(key)])
            if under > 0:
                price[key] = price[key] * over / under
    return price


def nano_usd(entry, provider, usage, service, region, day):
    total = Decimal(0)
    if 'price' in entry:
        price = prices_of(entry, provider, usage, service, region, day)
        get = lambda name: Decimal(usage.get(name, 0))
        text_in = get('input') - sum(get(k) for k in ('cache_read', 'cache_write', 'cache_write_1h', 'audio_in',
                                                      'image_in', 'audio_cache_read', 'image_cache_read'))
        text_out = get('output') - get('reasoning') - get('audio_out') - get('image_out')
        thinks = provider.get('reasoning_price_scope') == 'all_output_when_thinking' and get('reasoning') > 0
        total += max(text_in, Decimal(0)) * price['in']
        total += max(text_out, Decimal(0)) * rate(price, 'reasoning' if thinks else 'out')
        for key in ('cache_read', 'cache_write', 'cache_write_1h', 'audio_in', 'audio_cache_read', 'image_in',
                    'image_cache_read', 'reasoning', 'audio_out', 'image_out', 'citation'):
            if get(key):
                total += get(key) * rate(price, key)
        total = total / MILLION * entry.get('region_multiplier', {}).get(region, Decimal(1))
    for unit, count in usage.get('units', {}).items():
        total += entry['units'][unit] * count
    return int((total * 1_000_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


class Reporter:
    """Makes reports as providers send them, and their meaning in the one form of the README."""

    def __init__(self, dice):
        self.dice = dice

    def some(self, most):
        """Often nothing, mostly small, sometimes up to `most`."""
        if most <= 0 or self.dice.random() < 0.35:
            return 0
        return self.dice.randint(1, max(1, most if self.dice.random() < 0.2 else most // 3))

    def total(self):
        return self.dice.choice((self.dice.randint(0, 900), self.dice.randint(0, 60_000),
                                 self.dice.randint(100_000, 400_000), 200_000, 200_001, 272_000, 272_001))

    def openai(self, entry):
        total, out = self.total(), self.dice.randint(0, 30_000)
        cached = self.some(total)
        written = self.some((total - cached) // 2)
        audio = self.some(total - cached - written) if self.dice.random() < 0.3 else 0
        reasoning = self.some(out)
        heard = self.some(out - reasoning) if self.dice.random() < 0.3 else 0
        usage = {'input': total, 'cache_read': cached, 'cache_write': written, 'audio_in': audio, 'output': out,
                 'reasoning': reasoning, 'audio_out': heard}
        inside = {'cached_tokens': cached, 'cache_write_tokens': written, 'audio_tokens': audio}
        outside = {'reasoning_tokens': reasoning, 'audio_tokens': heard}
        if self.dice.random() < 0.5:
            report = {'prompt_tokens': total, 'completion_tokens': out, 'total_tokens': total + out,
                      'prompt_tokens_details': inside, 'completion_tokens_details': outside}
            return usage, {'object': 'chat.completion', 'usage': report}
        report = {'input_tokens': total, 'input_tokens_details': inside, 'output_tokens': out,
                  'output_tokens_details': outside, 'total_tokens': total + out}
        return usage, {'object': 'response', 'usage': report}

    def anthropic(self, entry):
        plain, out = self.total(), self.dice.randint(0, 30_000)
        read, short, long = self.some(300_000), self.some(80_000), self.some(80_000)
        report = {'input_tokens': plain, 'cache_read_input_tokens': read,
                  'cache_creation_input_tokens': short + long, 'output_tokens': out}
        if long or self.dice.random() < 0.5:
            report['cache_creation'] = {'ephemeral_5m_input_tokens': short, 'ephemeral_1h_input_tokens': long}
        usage = {'input': plain + read + short + long, 'cache_read': read, 'cache_write': short,
                 'cache_write_1h': long, 'output': out}
        return usage, {'type': 'message', 'usage': report}

    def gemini(self, entry):
        prompt, tools = self.total(), self.some(2_000)
        answer, thoughts = self.dice.randint(0, 20_000), self.some(20_000)
        cached = self.some(prompt)
        audio = self.some(prompt - cached) if self.dice.random() < 0.4 else 0
        image = self.some(prompt - cached - audio) if self.dice.random() < 0.4 else 0
        audio_cached = self.some(cached) if audio else 0
        image_cached = self.some(cached - audio_cached) if image else 0
        usage = {'input': prompt + tools, 'cache_read': cached - audio_cached - image_cached, 'audio_in': audio,
                 'image_in': image, 'audio_cache_read': audio_cached, 'image_cache_read': image_cached,
                 'output': answer + thoughts, 'reasoning': thoughts}
        report = {'promptTokenCount': prompt, 'cachedContentTokenCount': cached, 'candidatesTokenCount': answer,
                  'thoughtsTokenCount': thoughts, 'totalTokenCount': prompt + tools + answer + thoughts}
        if tools:
            report['toolUsePromptTokenCount'] = tools
        modalities = lambda text, sound, picture: [
            {'modality': name, 'tokenCount': count}
            for name, count in (('TEXT', text), ('AUDIO', sound), ('IMAGE', picture)) if count]
        if audio or image:
            sound, picture = audio + audio_cached, image + image_cached
            report['promptTokensDetails'] = modalities(prompt - sound - picture, sound, picture)
        if audio_cached or image_cached:
            report['cacheTokensDetails'] = modalities(cached - audio_cached - image_cached, audio_cached,
                                                      image_cached)
        return usage, {'candidates': [], 'usageMetadata': report}

    def bedrock(self, entry):
        plain, out = self.total(), self.dice.randint(0, 30_000)
        read, written = self.some(300_000), self.some(80_000)
        usage = {'input': plain + read + written, 'cache_read': read, 'cache_write': written, 'output': out}
        report = {'inputTokens': plain, 'outputTokens': out, 'totalTokens': plain + read + written + out,
                  'cacheReadInputTokens': read, 'cacheWriteInputTokens': written}
        return usage, {'stopReason': 'end_turn', 'usage': report}

    def cohere(self, entry):
        if 'query' in entry.get('units', {}):
            searches = self.dice.randint(1, 500)
            return {'units': {'query': searches}}, {'meta': {'billed_units': {'search_units': searches}}}
        total, out = self.total(), self.dice.randint(0, 30_000)
        report = {'billed_units': {'input_tokens': total, 'output_tokens': out},
                  'tokens': {'input_tokens': total + 500, 'output_tokens': out + 3}}
        return {'input': total, 'output': out}, {'usage': report}


def is_priced(style, entry):
    price = entry.get('price', {})
    if entry.get('variable_price') or entry.get('mode') not in ('chat', 'completion', 'embedding', 'rerank'):
        return False
    return ('in' in price and 'out' in price) or (style == 'cohere' and 'query' in entry.get('units', {}))


def service_of(dice, entry, provider):
    known = [s for s in ('batch', 'flex', 'priority', 'fast') if s in entry]
    if 'batch_discount' in provider and 'batch' not in known:
        known.append('batch')
    return dice.choice(known) if known and dice.random() < 0.4 else ''


def main(folder):
    read = lambda name: json.loads((Path(folder) / name).read_text(), parse_float=Decimal, parse_int=Decimal)
    providers = {p['id']: p for p in read('providers.json')['providers']}
    models = read('models.json')['models']
    dice = random.Random(SEED)
    reporter = Reporter(dice)
    make = {'openai': reporter.openai, 'anthropic': reporter.anthropic, 'gemini': reporter.gemini,
            'bedrock-converse': reporter.bedrock, 'cohere': reporter.cohere}
    for style in STYLES:
        # Half of the draws go to entries with a rule of their own, which are few.
        plain, special = [], []
        for provider in sorted(providers):
            if providers[provider]['usage_style'] != style:
                continue
            for model, entry in sorted(models.get(provider, {}).items()):
                if not is_priced(style, entry):
                    continue
                plain.append((provider, model))
                if any(k in entry for k in ('tiers', 'scheduled', 'regional', 'region_multiplier', 'flex', 'fast')):
                    special.append((provider, model))
        for _ in range(REPORTS):
            provider, model = dice.choice(special if special and dice.random() < 0.5 else plain)
            entry = models[provider][model]
            usage, answer = make[style](entry)
            if 'input' not in usage:
                usage['input'] = 0
            regions = sorted(entry.get('regional', {}).keys() | entry.get('region_multiplier', {}).keys())
            region = dice.choice(regions) if regions and dice.random() < 0.5 else ''
            service = service_of(dice, entry, providers[provider]) if 'price' in entry else ''
            day = dice.choice(DAYS)
            cost = nano_usd(entry, providers[provider], usage, service, region, day)
            print(style, provider, model, service, region, day, cost,
                  json.dumps(answer, separators=(',', ':')), sep='\t')


if __name__ == '__main__':
    main(sys.argv[1])
