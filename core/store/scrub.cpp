// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/scrub.h"

#include <array>

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

void mask(trace::Pairs &pairs, const Redactor &redactor)
{
    for (auto &[name, value] : pairs) {
        redactor.redactInPlace(name);
        redactor.redactInPlace(value);
    }
}

void maskHeaders(trace::Pairs &headers, const Redactor &redactor)
{
    for (auto &[name, value] : headers) {
        if (const auto shown = loggableHeaderValue(name, value); shown != value)
            value = std::string(shown);
    }
    mask(headers, redactor);
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

    for (const auto text : kRecordTexts)
        redactor.redactInPlace(record.*text);
    mask(record.metadata, redactor);
    maskHeaders(record.request_headers, redactor);
    maskHeaders(record.response_headers, redactor);
    maskBody(record.request_body, redactor);
    maskBody(record.response_body, redactor);
    for (auto &attempt : record.attempts) {
        for (const auto text : kAttemptTexts)
            redactor.redactInPlace(attempt.*text);
        maskHeaders(attempt.request_headers, redactor);
        maskHeaders(attempt.response_headers, redactor);
    }
}

} // namespace portolan::store
