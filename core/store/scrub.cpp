// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/scrub.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace portolan::store {

namespace {

using trace::Attempt;
using trace::CaptureLevel;
using trace::Outcome;
using trace::Record;

bool mayKeepBodies(const Record &record)
{
    switch (record.capture) {
    case CaptureLevel::Off:
    case CaptureLevel::Metadata: return false;
    case CaptureLevel::Errors: return record.outcome != Outcome::Ok && record.outcome != Outcome::Cancelled;
    case CaptureLevel::Full: return true;
    }
    return false; // a level this program does not know
}

void keepNumbersOnly(Record &record)
{
    record.request_headers.clear();
    record.response_headers.clear();
    record.metadata.clear();
    record.error_message.clear(); // providers quote the prompt in their errors
    record.note.clear();
    record.span_name.clear();
    record.guardrails.clear();
    record.request_hash.clear();
    for (auto &attempt : record.attempts) {
        attempt.request_headers.clear();
        attempt.response_headers.clear();
        attempt.error_message.clear();
        attempt.then.clear();
    }
}

constexpr std::array kRecordTexts{
    &Record::error_code,     &Record::error_message, &Record::client_key_name,
    &Record::program,        &Record::method,        &Record::path,
    &Record::endpoint,       &Record::model_asked,   &Record::model_served,
    &Record::provider,       &Record::slug,          &Record::config,
    &Record::finish_reason,  &Record::note,          &Record::price_version,
    &Record::priced_as,      &Record::trace_id,      &Record::span_id,
    &Record::parent_span_id, &Record::span_name,     &Record::cache_key,
    &Record::guardrails,     &Record::request_hash,
};

constexpr std::array kAttemptTexts{
    &Attempt::pointer,       &Attempt::slug,
    &Attempt::provider,      &Attempt::model,
    &Attempt::host,          &Attempt::chosen_by,
    &Attempt::then,          &Attempt::error_code,
    &Attempt::error_message, &Attempt::provider_request_id,
};

/// Calls `act` with every line of text that a record holds but its bodies.
template <typename Owner, typename Act>
void forEachText(Owner &record, Act act)
{
    for (const auto text : kRecordTexts)
        act(record.*text);
    for (auto &attempt : record.attempts) {
        for (const auto text : kAttemptTexts)
            act(attempt.*text);
    }
}

template <typename Owner, typename Act>
void forEachHeaders(Owner &record, Act act)
{
    act(record.request_headers);
    act(record.response_headers);
    for (auto &attempt : record.attempts) {
        act(attempt.request_headers);
        act(attempt.response_headers);
    }
}

/// Whoever made the record has done this already; what reaches the disk does not rest on it.
void maskHeaders(trace::Pairs &headers)
{
    const auto isShown = [](const trace::Pairs::Line &line) {
        return loggableHeaderValue(line.name, line.value) == line.value;
    };
    if (std::ranges::all_of(headers.lines(), isShown))
        return;
    trace::Pairs masked;
    for (const auto &[name, value] : headers.lines())
        masked.add(name, loggableHeaderValue(name, value));
    headers = std::move(masked);
}

/// One scan over all of them instead of a hundred: a secret is as rare as a scan is dear. What lies between
/// two texts belongs to no secret, so nothing that is found in one of them can hide here.
bool holdsSecret(const Record &record, const Redactor &redactor)
{
    std::string all;
    all.reserve(4096);
    const auto add = [&all](std::string_view text) {
        if (!text.empty())
            all.append(text).push_back('\0');
    };
    forEachText(record, add);
    forEachHeaders(record, [&](const trace::Pairs &pairs) { add(pairs.block()); });
    add(record.metadata.block());
    return redactor.finds(all);
}

void mask(trace::Pairs &pairs, const Redactor &redactor)
{
    trace::Pairs masked;
    for (const auto &[name, value] : pairs.lines())
        masked.add(redactor.redact(name), redactor.redact(value));
    pairs = std::move(masked);
}

void maskTexts(Record &record, const Redactor &redactor)
{
    forEachText(record, [&](std::string &text) { redactor.redactInPlace(text); });
    forEachHeaders(record, [&](trace::Pairs &pairs) { mask(pairs, redactor); });
    mask(record.metadata, redactor);
}

void maskBody(std::optional<trace::Body> &body, const Redactor &redactor)
{
    if (!body)
        return;
    const bool wasCut = body->isCut();
    redactor.redactInPlace(body->text);
    if (!wasCut)
        body->full_size = body->text.size(); // masking changes the size; that is no cut
    redactor.redactInPlace(body->content_type);
}

} // namespace

void scrub(Record &record, const Redactor &redactor)
{
    if (!mayKeepBodies(record)) {
        record.request_body.reset();
        record.response_body.reset();
    }
    if (record.capture == CaptureLevel::Off)
        keepNumbersOnly(record);

    forEachHeaders(record, maskHeaders);
    if (holdsSecret(record, redactor))
        maskTexts(record, redactor);
    maskBody(record.request_body, redactor);
    maskBody(record.response_body, redactor);
}

} // namespace portolan::store
