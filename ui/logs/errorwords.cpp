// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/errorwords.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace portolan::ui {

namespace {

struct Words {
    std::string_view code;
    const char *words;
};

// By code, which the search relies on. tests/ui/logs/tst_errorwords.cpp reads the core's sources and misses
// none.
constexpr Words kWords[] = {
    {"account.bad_credential", QT_TRANSLATE_NOOP("ErrorWords", "credential not usable")},
    {"account.bad_service_account", QT_TRANSLATE_NOOP("ErrorWords", "service account not usable")},
    {"account.bad_setting", QT_TRANSLATE_NOOP("ErrorWords", "a setting of the account is wrong")},
    {"account.missing_setting", QT_TRANSLATE_NOOP("ErrorWords", "a setting of the account is missing")},
    {"account.unknown_setting", QT_TRANSLATE_NOOP("ErrorWords", "a setting the provider does not know")},
    {"auth.conflicting_keys", QT_TRANSLATE_NOOP("ErrorWords", "two different client keys")},
    {"auth.key_disabled", QT_TRANSLATE_NOOP("ErrorWords", "client key switched off")},
    {"auth.key_expired", QT_TRANSLATE_NOOP("ErrorWords", "client key expired")},
    {"auth.key_missing", QT_TRANSLATE_NOOP("ErrorWords", "no client key")},
    {"auth.key_unknown", QT_TRANSLATE_NOOP("ErrorWords", "client key not known")},
    {"auth.repeated_header", QT_TRANSLATE_NOOP("ErrorWords", "a header with a key came twice")},
    {"auth.scope_missing", QT_TRANSLATE_NOOP("ErrorWords", "client key may not do this")},
    {"auth.too_many_failures", QT_TRANSLATE_NOOP("ErrorWords", "too many wrong keys")},
    {"bedrock.bad_model", QT_TRANSLATE_NOOP("ErrorWords", "no model of Bedrock")},
    {"client.gone", QT_TRANSLATE_NOOP("ErrorWords", "the client left")},
    {"client_key.model", QT_TRANSLATE_NOOP("ErrorWords", "model not allowed for this client key")},
    {"client_key.slug", QT_TRANSLATE_NOOP("ErrorWords", "slug not allowed for this client key")},
    {"config.guardrail_denies", QT_TRANSLATE_NOOP("ErrorWords", "guardrail cannot be kept")},
    {"config.invalid", QT_TRANSLATE_NOOP("ErrorWords", "config not usable")},
    {"config.no_condition_holds", QT_TRANSLATE_NOOP("ErrorWords", "no condition of the config holds")},
    {"config.no_override", QT_TRANSLATE_NOOP("ErrorWords", "the key allows no other config")},
    {"config.syntax", QT_TRANSLATE_NOOP("ErrorWords", "config is not JSON")},
    {"config.unknown", QT_TRANSLATE_NOOP("ErrorWords", "unknown config")},
    {"config.unusable", QT_TRANSLATE_NOOP("ErrorWords", "config not usable any more")},
    {"dialect.invalid_request", QT_TRANSLATE_NOOP("ErrorWords", "request not understood")},
    {"dialect.no_client_codec", QT_TRANSLATE_NOOP("ErrorWords", "no translation from this API")},
    {"dialect.no_provider_codec", QT_TRANSLATE_NOOP("ErrorWords", "no translation to this provider")},
    {"frames.bad_checksum", QT_TRANSLATE_NOOP("ErrorWords", "damaged stream")},
    {"frames.malformed", QT_TRANSLATE_NOOP("ErrorWords", "malformed stream")},
    {"frames.too_large", QT_TRANSLATE_NOOP("ErrorWords", "stream message too large")},
    {"google.token", QT_TRANSLATE_NOOP("ErrorWords", "Google gave no token")},
    {"http.bad_content_type", QT_TRANSLATE_NOOP("ErrorWords", "content type not taken")},
    {"http.bad_expectation", QT_TRANSLATE_NOOP("ErrorWords", "unknown expectation")},
    {"http.bad_framing", QT_TRANSLATE_NOOP("ErrorWords", "lengths of the request are wrong")},
    {"http.bad_head", QT_TRANSLATE_NOOP("ErrorWords", "not HTTP/1.1")},
    {"http.bad_host", QT_TRANSLATE_NOOP("ErrorWords", "no usable Host line")},
    {"http.bad_target", QT_TRANSLATE_NOOP("ErrorWords", "unusual path")},
    {"http.bad_url", QT_TRANSLATE_NOOP("ErrorWords", "address not usable")},
    {"http.body_timeout", QT_TRANSLATE_NOOP("ErrorWords", "request body too slow")},
    {"http.body_too_large", QT_TRANSLATE_NOOP("ErrorWords", "request body too large")},
    {"http.client_gone", QT_TRANSLATE_NOOP("ErrorWords", "the client left")},
    {"http.encoded_body", QT_TRANSLATE_NOOP("ErrorWords", "compressed request body")},
    {"http.foreign_host", QT_TRANSLATE_NOOP("ErrorWords", "Host of somebody else")},
    {"http.foreign_origin", QT_TRANSLATE_NOOP("ErrorWords", "web page not allowed")},
    {"http.head_timeout", QT_TRANSLATE_NOOP("ErrorWords", "request head too slow")},
    {"http.head_too_large", QT_TRANSLATE_NOOP("ErrorWords", "request head too large")},
    {"http.method_not_allowed", QT_TRANSLATE_NOOP("ErrorWords", "method not served")},
    {"http.no_cors", QT_TRANSLATE_NOOP("ErrorWords", "web pages may not call")},
    {"http.no_websocket", QT_TRANSLATE_NOOP("ErrorWords", "no WebSocket here")},
    {"http.other_host", QT_TRANSLATE_NOOP("ErrorWords", "used as a forward proxy")},
    {"http.short_answer", QT_TRANSLATE_NOOP("ErrorWords", "answer shorter than announced")},
    {"http.target_too_long", QT_TRANSLATE_NOOP("ErrorWords", "request line too long")},
    {"http.too_many_connections", QT_TRANSLATE_NOOP("ErrorWords", "too many connections")},
    {"http.too_much_held", QT_TRANSLATE_NOOP("ErrorWords", "too many large requests at once")},
    {"http.unknown_method", QT_TRANSLATE_NOOP("ErrorWords", "unknown method")},
    {"http.write_stall", QT_TRANSLATE_NOOP("ErrorWords", "the client stopped reading")},
    {"internal.error", QT_TRANSLATE_NOOP("ErrorWords", "fault of Portolan")},
    {"limits.budget", QT_TRANSLATE_NOOP("ErrorWords", "budget used up")},
    {"limits.concurrency", QT_TRANSLATE_NOOP("ErrorWords", "too many at once for the key")},
    {"limits.requests", QT_TRANSLATE_NOOP("ErrorWords", "too many requests for the key")},
    {"limits.tokens", QT_TRANSLATE_NOOP("ErrorWords", "too many tokens for the key")},
    {"multipart.bad_content_type", QT_TRANSLATE_NOOP("ErrorWords", "form without a boundary")},
    {"multipart.bad_delimiter", QT_TRANSLATE_NOOP("ErrorWords", "malformed form")},
    {"multipart.bad_field", QT_TRANSLATE_NOOP("ErrorWords", "malformed form field")},
    {"multipart.bad_part_head", QT_TRANSLATE_NOOP("ErrorWords", "malformed form part")},
    {"multipart.duplicate_field", QT_TRANSLATE_NOOP("ErrorWords", "form field came twice")},
    {"multipart.field_too_large", QT_TRANSLATE_NOOP("ErrorWords", "form field too large")},
    {"multipart.incomplete", QT_TRANSLATE_NOOP("ErrorWords", "form not complete")},
    {"multipart.part_head_too_large", QT_TRANSLATE_NOOP("ErrorWords", "head of a form part too large")},
    {"request.aborted", QT_TRANSLATE_NOOP("ErrorWords", "ended in this window")},
    {"request.bad_metadata", QT_TRANSLATE_NOOP("ErrorWords", "metadata not usable")},
    {"request.timeout", QT_TRANSLATE_NOOP("ErrorWords", "longer than the config allows")},
    {"request.total_timeout", QT_TRANSLATE_NOOP("ErrorWords", "longer than a request may take")},
    {"route.bad_custom_host", QT_TRANSLATE_NOOP("ErrorWords", "host not usable")},
    {"route.custom_host_with_account",
     QT_TRANSLATE_NOOP("ErrorWords", "another host for a stored credential")},
    {"route.loop", QT_TRANSLATE_NOOP("ErrorWords", "leads back to Portolan")},
    {"route.model_off", QT_TRANSLATE_NOOP("ErrorWords", "model switched off")},
    {"route.no_configs", QT_TRANSLATE_NOOP("ErrorWords", "no routing configs here")},
    {"route.no_credential", QT_TRANSLATE_NOOP("ErrorWords", "no credential for the provider")},
    {"route.no_custom_host", QT_TRANSLATE_NOOP("ErrorWords", "no host from a request")},
    {"route.no_prompts", QT_TRANSLATE_NOOP("ErrorWords", "no prompt templates here")},
    {"route.no_realtime", QT_TRANSLATE_NOOP("ErrorWords", "no Realtime API here")},
    {"route.no_such_endpoint", QT_TRANSLATE_NOOP("ErrorWords", "not an API of this provider")},
    {"route.no_target", QT_TRANSLATE_NOOP("ErrorWords", "no provider named")},
    {"route.not_found", QT_TRANSLATE_NOOP("ErrorWords", "no such path")},
    {"route.proxy_unusable", QT_TRANSLATE_NOOP("ErrorWords", "proxy settings not usable")},
    {"route.target_unusable", QT_TRANSLATE_NOOP("ErrorWords", "account not usable")},
    {"route.unknown_provider", QT_TRANSLATE_NOOP("ErrorWords", "unknown provider")},
    {"route.unknown_slug", QT_TRANSLATE_NOOP("ErrorWords", "unknown slug")},
    {"signing.streamed_body", QT_TRANSLATE_NOOP("ErrorWords", "uploads cannot be signed")},
    {"sigv4.crypto", QT_TRANSLATE_NOOP("ErrorWords", "call could not be signed")},
    {"sse.event_too_large", QT_TRANSLATE_NOOP("ErrorWords", "stream event too large")},
    {"store.unknown_outcome", QT_TRANSLATE_NOOP("ErrorWords", "Portolan ended before it did")},
    {"upstream.address_not_allowed", QT_TRANSLATE_NOOP("ErrorWords", "address not allowed")},
    {"upstream.bad_framing", QT_TRANSLATE_NOOP("ErrorWords", "malformed answer")},
    {"upstream.bad_json", QT_TRANSLATE_NOOP("ErrorWords", "answer is not valid JSON")},
    {"upstream.bad_request", QT_TRANSLATE_NOOP("ErrorWords", "call could not be made")},
    {"upstream.cancelled", QT_TRANSLATE_NOOP("ErrorWords", "cancelled with the request")},
    {"upstream.closed", QT_TRANSLATE_NOOP("ErrorWords", "closed without an answer")},
    {"upstream.connect_timeout", QT_TRANSLATE_NOOP("ErrorWords", "no connection in time")},
    {"upstream.dns", QT_TRANSLATE_NOOP("ErrorWords", "host name not found")},
    {"upstream.error_event", QT_TRANSLATE_NOOP("ErrorWords", "error in mid-answer")},
    {"upstream.first_byte_timeout", QT_TRANSLATE_NOOP("ErrorWords", "no answer in time")},
    {"upstream.head_too_large", QT_TRANSLATE_NOOP("ErrorWords", "head of the answer too large")},
    {"upstream.idle_timeout", QT_TRANSLATE_NOOP("ErrorWords", "the stream fell silent")},
    {"upstream.no_descriptors", QT_TRANSLATE_NOOP("ErrorWords", "too many open connections")},
    {"upstream.proxy_auth", QT_TRANSLATE_NOOP("ErrorWords", "login refused by the proxy")},
    {"upstream.proxy_failed", QT_TRANSLATE_NOOP("ErrorWords", "the proxy did not get through")},
    {"upstream.proxy_refused", QT_TRANSLATE_NOOP("ErrorWords", "no connection to the proxy")},
    {"upstream.proxy_unusable", QT_TRANSLATE_NOOP("ErrorWords", "proxy settings not usable")},
    {"upstream.redirect", QT_TRANSLATE_NOOP("ErrorWords", "redirect refused")},
    {"upstream.refused", QT_TRANSLATE_NOOP("ErrorWords", "connection refused")},
    {"upstream.reset", QT_TRANSLATE_NOOP("ErrorWords", "connection broken off")},
    {"upstream.stale_connection", QT_TRANSLATE_NOOP("ErrorWords", "the kept connection was gone")},
    {"upstream.tls", QT_TRANSLATE_NOOP("ErrorWords", "certificate or TLS error")},
    {"upstream.too_large", QT_TRANSLATE_NOOP("ErrorWords", "answer too large")},
    {"upstream.truncated", QT_TRANSLATE_NOOP("ErrorWords", "broken off in mid-answer")},
    {"upstream_error", QT_TRANSLATE_NOOP("ErrorWords", "provider failed")},
    {"upstream_incomplete", QT_TRANSLATE_NOOP("ErrorWords", "broken off in mid-answer")},
    {"upstream_invalid_response", QT_TRANSLATE_NOOP("ErrorWords", "answer not understood")},
    {"upstream_malformed_output", QT_TRANSLATE_NOOP("ErrorWords", "answer of the model not usable")},
    {"upstream_unreachable", QT_TRANSLATE_NOOP("ErrorWords", "provider not reached")},
    {"virtual_key.expired", QT_TRANSLATE_NOOP("ErrorWords", "virtual key expired")},
    {"virtual_key.model", QT_TRANSLATE_NOOP("ErrorWords", "model not allowed for this virtual key")},
    {"virtual_key.off", QT_TRANSLATE_NOOP("ErrorWords", "virtual key switched off")},
};
static_assert(std::ranges::is_sorted(kWords, {}, &Words::code));

} // namespace

QString errorWords(std::string_view code)
{
    const auto *const found = std::ranges::lower_bound(kWords, code, {}, &Words::code);
    return found != std::end(kWords) && found->code == code
        ? QCoreApplication::translate("ErrorWords", found->words)
        : QString();
}

} // namespace portolan::ui
