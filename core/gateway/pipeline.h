// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/ledger.h"
#include "core/base/jsonpeek.h"
#include "core/dialect/endpoint.h"
#include "core/dialect/repairs.h"
#include "core/dialect/requestedits.h"
#include "core/dialect/sse.h"
#include "core/gateway/claudepassage.h"
#include "core/gateway/policy.h"
#include "core/gateway/resolve.h"
#include "core/gateway/surroundings.h"
#include "core/gateway/threadcontext.h"
#include "core/gateway/translation.h"
#include "core/gateway/wholecalls.h"
#include "core/http/exchange.h"
#include "core/routing/walk.h"
#include "core/trace/record.h"

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::gateway {

/// One request from its head to its record: authenticate, read, walk its config (resolve, call, relay),
/// record. Whatever happens, run() leaves exactly one record behind. Lives in its coroutine on one I/O
/// thread.
class Pipeline
{
public:
    Pipeline(ThreadContext &thread, http::Exchange &exchange);
    ~Pipeline();
    Pipeline(const Pipeline &) = delete;
    Pipeline &operator=(const Pipeline &) = delete;

    http::Task<> run();
    /// Ends the request on the owner's word: the client gets an error. On this thread.
    void abort();

private:
    using Stage = std::expected<void, http::Refusal>;

    // pipeline.cpp
    http::Task<Stage> serve();
    Stage admit();
    Stage checkRoute();
    Stage checkContentType();
    http::Task<Stage> readJson();
    bool isResponsesOnly();
    http::Task<> answerModels();
    http::Task<> refuse(http::Refusal refusal);
    http::Task<> record();

    // adminanswer.cpp
    http::Task<Stage> answerAdmin();

    // limits.cpp
    Stage takePlaces();
    admission::Estimate estimate();
    void settleAttempt(const trace::Attempt &attempt);
    void settleRequest();
    void noteRunning();

    // walking.cpp
    Stage govern();
    routing::Facts factsForRouting();
    http::Task<Stage> walk();
    http::Task<Stage> callTarget();
    Stage routeTo(const routing::Node &node);
    Stage takeParams(const routing::Node &node);
    Stage sendInstead(std::string body);
    bool findRepair(int status);
    void forgetAttempt();
    void noteNotCalled(const http::Refusal &refusal);
    void noteSkipped(const std::vector<routing::Skip> &skipped);
    http::Task<Stage> pause(std::int64_t delay_ms);
    routing::Outcome outcomeOf(const http::Refusal &refusal) const;
    routing::Outcome outcomeOf(int status, const http::Fields &fields) const;
    routing::Outcome outcomeOfEventError() const;
    /// Tells the walk how the attempt ended; true when another follows, so that nothing of this one may reach
    /// the client. Asked once per attempt, before the first byte of an answer leaves.
    bool movesOn(const routing::Outcome &outcome);
    std::int64_t requestTimeout_ms() const;

    // attempt.cpp
    http::Task<Stage> attempt();
    void armClock(std::int64_t after_ms, std::string_view words);
    void armClocks();
    static std::string noTokenWithin(std::int64_t ms);
    void beginAttempt();
    void open(http::UpstreamRequest request);
    /// open() for targets whose calls are signed or need a token.
    http::Task<Result<>> openAuthorized(http::UpstreamRequest request);
    void noteResent();
    http::UpstreamRequest bareRequest() const;
    void addOwnLines(http::Fields &fields) const;
    http::UpstreamRequest upstreamRequest();
    std::string upstreamTarget() const;
    std::vector<std::string_view> editedBody();
    void addRelativeEdits(std::vector<dialect::BodyEdit> &edits);
    void leaveForeignReasoningOut(std::vector<dialect::BodyEdit> &edits);
    void letBodyGo();
    void endAttempt(const Error *error);
    http::Refusal failedCall(const Error &error);

    // multipart.cpp
    http::Task<Stage> readMultipart();
    http::Task<Stage> holdRest();

    // translated.cpp
    Stage beginTranslation();
    ClaudeHead repairedClaudeHead() const;
    Result<std::unique_ptr<Translation>> betweenDialects();
    dialect::Target wireTarget() const;
    http::Refusal clientError(const Error &error) const;
    void addWire(const dialect::WireRequest &wire, http::UpstreamRequest &request) const;
    void addNotes(std::string_view notes);
    http::Task<Stage> answerCount();
    http::Task<Stage> relayTranslated(http::UpstreamReply reply);
    http::Task<Stage> relayTranslatedStream(http::UpstreamReply reply);
    http::Task<Result<std::string>> wholeBody();
    http::Task<> readRest();
    http::Task<Stage> answerTranslated(const http::UpstreamReply &reply, Translation::Answer answer,
                                       bool as_stream);
    http::Task<Stage> sendAnswer(const http::UpstreamReply &reply, Translation::Answer answer,
                                 bool as_stream);
    http::ResponseHead translatedHead(const http::UpstreamReply &reply, int status, bool events) const;

    // callsinturn.cpp
    Stage beginCalls();
    http::Task<Stage> attemptCalls();
    http::Task<Result<>> oneCall(std::size_t index);
    http::Task<Stage> answerCalls();

    // relay.cpp
    http::ResponseHead replyHead(const http::UpstreamReply &reply) const;
    void addGatewayHeaders(http::Fields &fields) const;
    http::Task<Stage> relay(http::UpstreamReply reply);
    http::Task<Stage> relayWhole(http::UpstreamReply reply);
    http::Task<Stage> relayBytes(http::UpstreamReply reply);
    http::Task<Stage> answerWhole(http::UpstreamReply reply, std::string body);
    http::Task<> breakOff(const Error &error);
    void keepReply(std::string_view bytes);
    void noteFacts(const dialect::ReplyFacts &facts);
    void noteFirstToken();
    void settleUsage(int status);

    // relaystream.cpp
    http::Task<Stage> relayEvents(http::UpstreamReply reply);
    void holdStream(http::UpstreamReply reply);
    bool commitStream();
    void releaseHeld();
    http::Task<Stage> failStream(const Error &error);
    Stage dropStream();
    bool noteEvent(const dialect::SseSplitter::Event &event);
    [[nodiscard]] bool tellsItsEnd() const;
    void breakSilence();

    [[nodiscard]] std::int64_t sinceStart() const;
    [[nodiscard]] const http::RequestHead &head() const { return m_exchange.head(); }
    [[nodiscard]] bool isCount() const; ///< of tokens: never a paid call
    [[nodiscard]] bool keepsBodies() const;
    void end(trace::Outcome outcome, int status, std::string code = {}, std::string message = {});

    ThreadContext &m_thread;
    http::Exchange &m_exchange;
    const SharedSnapshot m_snapshot;
    const std::chrono::steady_clock::time_point m_started;
    trace::Record m_record;
    bool m_announced = false; // the observer knows of it
    bool m_recorded = true;   // false: counted instead of stored (threat-model B6)
    bool m_client_gone = false;
    bool m_aborted = false; // by the owner, or by the request's total clock
    std::string_view m_total_expired{};

    std::string m_token; // the client's key, so that it never goes upstream; wiped at the end
    std::string m_upstream_credential;
    dialect::Endpoint m_endpoint;
    std::string m_body;
    RequestPeek m_peek;
    bool m_has_peek = false;
    std::optional<ByteRange> m_form_model;    // of the value in m_body, in a multipart form
    std::vector<dialect::BodyEdit> m_edits;   // own the text that is spliced in
    bool m_hides_usage = false;               // we asked for the usage chunk, the client did not
    std::unique_ptr<http::BodySource> m_rest; // of a multipart body, still arriving
    std::optional<std::uint64_t> m_rest_bytes;
    HeldBytes m_held;

    // Which config, and where in it the request is.
    std::shared_ptr<const admission::ClientKey> m_key;
    trace::Pairs m_metadata; // also where none of it is kept
    Policy m_policy;
    std::optional<JsonDocument> m_document; // of m_body, where something asks for it
    std::optional<Surroundings> m_surroundings;
    std::string m_caller; // what sticks to a target hangs on it
    routing::Facts m_facts_for_routing;
    std::optional<routing::Walk> m_walk;
    routing::Step m_step;                // of the attempt that runs
    std::optional<routing::Step> m_next; // decided already: this attempt's answer is dropped
    bool m_decided = false;              // the walk was told how this attempt ended
    bool m_not_called = false;           // this attempt's target refused before anything was sent
    int m_retry_count = 0;
    dialect::Repair m_repair;                   // what m_repaired's provider would not take
    const routing::Node *m_repaired = nullptr;  // gets the request without it from then on
    std::optional<std::string> m_repaired_body; // where the body changes
    NanoUsd m_spent{};                          // on attempts before the one that runs

    // Limits.
    bool m_has_place = false;   // the client's key has let the request in
    bool m_turned_away = false; // it has not: no target can help
    admission::Reservation m_client_place;
    admission::Actual m_taken = admission::Actual::nothing(); // by all attempts that have ended
    admission::Standing m_standing;

    // The attempt that runs.
    admission::Reservation m_target_place; // in the limits of its virtual key
    std::vector<std::string> m_forwarded;  // names of lines that go along whatever they are
    std::string m_own_body;                // with the target's parameters, where it has some
    RequestPeek m_own_peek;
    const std::string *m_sent_body = &m_body;
    const RequestPeek *m_sent_peek = &m_peek;
    Route m_route;
    Passage m_passage;
    std::unique_ptr<const ClientRequest> m_client_request; // read only where a call is translated
    std::unique_ptr<Translation> m_translation;            // of the attempt that runs
    std::unique_ptr<WholeCalls> m_calls;                   // the same for embeddings and rerank
    std::optional<dialect::ApiError> m_call_error;
    http::Fields m_last_fields; // of the last of m_calls

    std::unique_ptr<http::UpstreamCall> m_call;
    http::DeadlineList::Entry m_total;
    http::DeadlineList::Entry m_clock; // of the attempt: the config's own time-outs
    std::string m_clock_words;         // what the client hears when it ends the attempt
    bool m_clock_expired = false;
    http::DeadlineList::Entry m_hold; // a stream that is held back begins after this
    http::UpstreamReply m_stream_reply;
    bool m_committed = false;             // of a stream: its head went to the client
    std::function<void()> m_stop_waiting; // of a pause between attempts
    http::DeadlineList::Entry m_silence;  // of a stream: a comment keeps clients and proxies from giving up
    dialect::ReplyFacts m_facts;
    trace::Body m_reply; // what is kept of the answer
    std::string m_early; // of an answer that was held at first
    bool m_saw_done = false;
    bool m_events_named = false; // its events say what they are: the end is one of them
    std::string m_service_tier;
};

} // namespace portolan::gateway
