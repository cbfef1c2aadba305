// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/keylimits.h"
#include "core/base/ids.h"
#include "core/base/limits.h"
#include "core/base/money.h"
#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/routing/problem.h"
#include "core/trace/record.h"
#include "core/trace/requestrow.h"
#include "core/trace/rollup.h"

#include <QDateTime>
#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace portolan::control {

/// State of the gateway, as the pill shows it.
struct GatewayStatus {
    enum class State { Stopped, Starting, Running, Draining, Failed };
    State state = State::Stopped;
    QString baseUrl{}; ///< "http://127.0.0.1:8787/v1"; of the last run when stopped
    QString address{}; ///< "127.0.0.1:8787"
    QString reason{};  ///< what failed and what to do, when Failed
    QDateTime runningSince{};
    bool loopbackOnly = true;
    bool openOnLoopback = false; ///< shown as a badge: no key is asked for
    int active = 0;              ///< requests in flight

    friend bool operator==(const GatewayStatus &, const GatewayStatus &) = default;
};

/// How an account's provider did lately: from real calls, else from the last test.
struct AccountHealth {
    enum class State { Untested, Ok, RateLimited, Failing, NoKey, Disabled };
    State state = State::Untested;
    int latencyMs = -1; ///< of the last good call, to its head
    QDateTime since{};  ///< when the present state began
    QString reason{};   ///< the provider's words or ours

    friend bool operator==(const AccountHealth &, const AccountHealth &) = default;
};

/// A breaker of a config's target that opened and has not closed since.
struct Breaker {
    QString key{};        ///< with `pointer` what closeBreaker() knows it by
    QString pointer{};    ///< JSON Pointer of the target: "/targets/0"
    QString configName{}; ///< of a saved config; empty: of one that came with a request
    QString target{};     ///< how people call it: "@openai-prod/gpt-4o"
    QDateTime since{};
    QDateTime trialAt{}; ///< from then on the next call is its one trial

    friend bool operator==(const Breaker &, const Breaker &) = default;
};

/// A provider account as the window knows it: no credential, only its last four characters.
struct Account {
    AccountId id{};
    QString slug{};
    QString provider{};     ///< catalog id
    QString providerName{}; ///< "OpenAI"
    QString name{};
    QString baseUrl{};                 ///< in effect
    QString ownAddress{};              ///< as the owner gave it; empty: the provider's own
    QMap<QString, QString> settings{}; ///< by the names of catalog::AccountField: region, deployment...
    QString credential{};              ///< "...kQ4A"; empty: none
    int listed = -1;                   ///< models its provider has listed; -1: never asked, or it has no list
    QDateTime listedAt{};              ///< when it was asked last
    bool builtIn = false;              ///< @practice
    bool local = false;                ///< runs on this computer
    bool enabled = true;
    QDateTime created{};
    QDateTime rotated{};
    QString notice{};
    AccountHealth health{};
    std::vector<Breaker> breakers{}; ///< of targets that lead here and are passed over now, oldest first

    friend bool operator==(const Account &, const Account &) = default;
};

struct NewAccount {
    QString provider{};
    QString slug{};
    QString name{};
    QString baseUrl{};         ///< empty: the provider's own
    SharedSecret credential{}; ///< null: none; AWS keys as two or three lines, a service account as its file
    QMap<QString, QString> settings{}; ///< what catalog::accountForm asks for
};

/// What is changed of an account. Another address, host or token service needs the credential again
/// (threat-model E3).
struct AccountEdit {
    QString name{};
    QString baseUrl{};                                ///< empty: the provider's own
    std::optional<QMap<QString, QString>> settings{}; ///< nothing: they stay
    SharedSecret credential{};                        ///< null: it stays
};

/// What `Test` found: the cheapest possible call (the provider's model list, else one token of chat).
struct TestResult {
    bool ok = false;
    int status = 0;
    int ms = -1;
    int models = -1;           ///< -1: the provider lists none
    QStringList firstModels{}; ///< a few of them, to be recognised by
    QString sent{};            ///< "GET https://api.openai.com/v1/models"
    QString message{};         ///< words: what happened and what to do
};

/// A credential in the environment or a local server that answers: offered, never taken.
struct Offer {
    enum class Kind { Environment, LocalServer };
    Kind kind = Kind::Environment;
    QString provider{};
    QString providerName{};
    QString source{}; ///< "OPENAI_API_KEY" or "http://127.0.0.1:11434/v1"
    QString proposedSlug{};
};

/// Why a key lets calls through or does not; of several reasons the last one here.
enum class KeyState { On, LimitReached, Expired, Off, AccountOff };

/// What may be called: a slug that leads to an account, with what it may be used for.
struct VirtualKey {
    VirtualKeyId id{}; ///< none for @practice, which cannot be changed
    QString slug{};
    QString name{}; ///< that the admin API gave it; empty: none
    QString note{}; ///< the owner's words
    AccountId account{};
    QString accountSlug{};
    QString providerName{}; ///< "OpenAI"
    bool first = false;     ///< was made with its account, bears its slug and goes with it
    bool enabled = true;
    QDateTime created{};
    QDateTime expires{};  ///< invalid: never
    QDateTime lastUsed{}; ///< invalid: never
    QStringList models{}; ///< that may be called; empty: all
    admission::KeyLimits limits{};
    admission::KeyUse use{};
    QStringList usedBy{}; ///< slugs of the saved configs that name it
    KeyState state = KeyState::On;

    friend bool operator==(const VirtualKey &, const VirtualKey &) = default;
};

struct NewVirtualKey {
    QString slug{};
    AccountId account{};
    QString name{};
    QString note{};
    QDateTime expires{};
    QStringList models{};
    admission::KeyLimits limits{};
};

/// What is changed of a virtual key; what is absent stays. Its slug stays for life.
struct VirtualKeyEdit {
    std::optional<AccountId> account{}; ///< moves it; not the first one of an account
    std::optional<QString> name{};
    std::optional<QString> note{};
    std::optional<bool> enabled{};
    std::optional<QDateTime> expires{}; ///< invalid: never
    std::optional<QStringList> models{};
    std::optional<admission::KeyLimits> limits{};
};

struct ClientKeyInfo {
    ClientKeyId id{};
    QString name{};
    QString kind{}; ///< that the admin API gave it, "workspace-service"; empty: none
    QString note{};
    QString lastFour{};   ///< "...9f2c"
    QStringList scopes{}; ///< "use", "admin", else Portkey's: "completions.write", "configs.read"...
    bool enabled = true;
    QDateTime created{};
    QDateTime expires{};               ///< invalid: never
    QDateTime lastUsed{};              ///< invalid: never
    QDateTime oldTokenEnds{};          ///< of the token before the last rotation; invalid: there is none
    QString defaultConfig{};           ///< slug; empty: none
    bool allowConfigOverride = true;   ///< a request may name another one
    QMap<QString, QString> metadata{}; ///< of requests that say nothing else
    QStringList slugs{};               ///< virtual keys it may call; empty: all
    QStringList models{};              ///< it may call, as "model-id" or "@slug/model-id"; empty: all
    admission::KeyLimits limits{};
    admission::KeyUse use{};
    KeyState state = KeyState::On;

    friend bool operator==(const ClientKeyInfo &, const ClientKeyInfo &) = default;
};

/// What is changed of a client key; what is absent stays.
struct ClientKeyEdit {
    std::optional<QString> name{};
    std::optional<QString> note{};
    std::optional<QStringList> scopes{};
    std::optional<bool> enabled{};
    std::optional<QDateTime> expires{}; ///< invalid: never
    std::optional<QString> config{};    ///< slug or name of a saved config; empty: none
    std::optional<bool> allowConfigOverride{};
    std::optional<QMap<QString, QString>> metadata{};
    std::optional<QStringList> slugs{};
    std::optional<QStringList> models{};
    std::optional<admission::KeyLimits> limits{};
};

/// Who makes changes, as the audit log names them.
struct Actor {
    enum class Kind { Program, Window, CommandLine, AdminKey };
    Kind kind = Kind::Program;
    QString name{}; ///< of the admin key

    friend bool operator==(const Actor &, const Actor &) = default;
};

/// "program", "window", "command line", "admin key".
[[nodiscard]] QString wordOf(Actor::Kind kind);

/// One change of accounts, keys, configs or settings.
struct AuditEntry {
    qint64 id = 0; ///< rises with time
    QDateTime at{};
    Actor actor{};
    QString action{};     ///< "create", "update", "delete", "rotate", "reset", "allow more"
    QString resource{};   ///< "account", "model", "virtual key", "client key", "config", "settings"
    QString name{};       ///< slug, or the name of what has none
    std::string before{}; ///< JSON without any secret; empty: it was not there
    std::string after{};  ///< likewise

    friend bool operator==(const AuditEntry &, const AuditEntry &) = default;
};

/// Which of them; what is empty or 0 asks nothing.
struct AuditQuery {
    QString actor{}; ///< "window", "command line", "admin key", "program", or the name of an admin key
    QString resource{};
    QString action{};
    qint64 fromUs = 0;
    qint64 toUs = 0;   ///< exclusive
    qint64 before = 0; ///< an id: only older ones, for the next page
    int skip = 0;
    int limit = 200;
};

struct AuditPage {
    std::vector<AuditEntry> entries{}; ///< newest first
    qint64 total = 0;                  ///< on all pages
};

/// What holds for requests with a client key when they say nothing else.
struct KeyDefaults {
    QString config{}; ///< slug or name of a saved config; empty: none
    bool allowConfigOverride = true;
};

struct NewClientKey {
    QString name{};
    QString kind{};
    QStringList scopes{}; ///< as in ClientKeyInfo
    KeyDefaults defaults{};
    QString note{};
    QDateTime expires{}; ///< invalid: never
    QMap<QString, QString> metadata{};
    QStringList slugs{};
    QStringList models{};
    admission::KeyLimits limits{};
};

/// A key just made: the only moment its token can be seen.
struct CreatedKey {
    ClientKeyInfo info{};
    SharedSecret token{};
};

/// A saved config as lists show it.
struct ConfigInfo {
    ConfigId id{};
    QString slug{}; ///< "pc-nightly-3f9a2c": stays for life
    QString name{};
    int version = 0;       ///< the current one
    bool archived = false; ///< kept, but requests cannot use it
    QDateTime created{};
    QDateTime updated{};
    QString broken{}; ///< why its text cannot be read, which only a fault of the disk brings; empty: it can
    QStringList usedBy{}; ///< names of the client keys whose default it is

    friend bool operator==(const ConfigInfo &, const ConfigInfo &) = default;
};

/// One version of a config.
struct ConfigVersion {
    int version = 0;
    QString note{};
    QString author{}; ///< "window", "command line", the name of a client key
    QDateTime saved{};
    std::string text{}; ///< byte for byte; left out in lists
};

struct NewConfig {
    QString name{};
    std::string text{};
    QString note{};
    QString author{};
};

/// What is changed of a config, all of it or nothing.
struct ConfigEdit {
    std::optional<QString> name{};
    std::optional<std::string> text{}; ///< becomes the next version, unless it is the current one
    std::optional<bool> archived{};
    QString note{};
    QString author{};
};

/// What became of a text.
struct ConfigSave {
    bool saved = false;           ///< false: an error is among the problems, and nothing was changed
    bool changed = false;         ///< a new version was made
    ConfigInfo config{};          ///< as it is now
    routing::Problems problems{}; ///< all of them; of a text that was saved, warnings
};

/// A model one can call, for lists and pickers.
struct ModelInfo {
    QString slug{}; ///< of the virtual key
    QString id{};
    QString name{};
    QString mode{};
    QStringList caps{}; ///< words: vision, tools, JSON, reasoning, embeddings
    qint64 context = 0;
    std::optional<qint64> in{}, out{}, cached{}; ///< nano-USD per million tokens
    bool estimate = false;
    QString status{};
    AccountId account{};
    bool enabled = true;   ///< false: the owner switched it off, and calls are refused
    bool own = false;      ///< stands in no list: the owner added it
    bool ownPrice = false; ///< the prices above are the owner's
    std::optional<qint64> cacheWrite{};
    QString priceSource{};  ///< of an own price, in the owner's words
    QDateTime priceSince{}; ///< of an own price
    QStringList usedBy{};   ///< names of the saved configs with a target that names it
};

/// What an owner pays, nano-USD per million tokens. What is absent is priced as input.
struct OwnPrice {
    qint64 in = 0;
    qint64 out = 0;
    std::optional<qint64> cached{};
    std::optional<qint64> cacheWrite{};
    QString source{}; ///< "contract of May"

    friend bool operator==(const OwnPrice &, const OwnPrice &) = default;
};

/// What is changed of a model; what is absent stays.
struct ModelEdit {
    std::optional<bool> enabled{};
    std::optional<std::optional<OwnPrice>> price{}; ///< with nothing in it: the catalog's again
    std::optional<qint64> context{};
};

struct ListedModel {
    QString id{};
    qint64 context = 0; ///< 0: the list does not say
};

/// A provider's list of models beside the one that was accepted last.
struct ModelSync {
    struct Changed {
        QString id{};
        qint64 before = 0; ///< context; 0: was not said
        qint64 now = 0;
    };
    /// A target of a saved config that names a model which is gone.
    struct Broken {
        QString config{}; ///< its name
        QString pointer{};
        QString model{};
    };
    bool first = true; ///< none was accepted before
    std::vector<ListedModel> models{};
    QStringList added{};
    QStringList removed{};
    std::vector<Changed> changed{};
    std::vector<Broken> breaks{};

    [[nodiscard]] bool isSame() const { return added.isEmpty() && removed.isEmpty() && changed.empty(); }
};

/// A change of one request in the live list.
struct LiveEvent {
    enum class Kind { Started, Changed, Finished };
    Kind kind = Kind::Started;
    trace::RequestRow row{};
};
using LiveBatch = std::vector<LiveEvent>;

/// The numbers of the status bar and of Home.
struct Pulse {
    int active = 0;
    double perMinute = 0;   ///< over the last minute
    trace::Rollup last15{}; ///< merged over the last 15 minutes
    trace::Rollup today{};  ///< since local midnight
    quint64 everRequests = 0;
};

/// Something that needs the person, shown in the status bar and in Problems.
struct Problem {
    enum class Severity { Info, Warning, Error };
    QString id{}; ///< stable while it lasts, e.g. "store.disk_full"
    Severity severity = Severity::Warning;
    QString text{};  ///< what happened, why, what to do
    QString panel{}; ///< where it is mended: "catalog", "settings"; empty: nowhere
    QDateTime since{};

    friend bool operator==(const Problem &, const Problem &) = default;
};

/// Everything the Settings panel edits. Stored by name in the store's settings table.
struct Settings {
    QString listenAddress = QStringLiteral("127.0.0.1");
    int port = 8787;
    bool startWithProgram = true; ///< the gateway starts when the program does
    bool openOnLoopback = false;
    int ioThreads = 1;
    int mostAttempts = 16; ///< upstream calls for one request, whatever its config says
    QStringList allowedHosts{};
    QStringList allowedOrigins{};
    trace::CaptureLevel capture = trace::CaptureLevel::Full;
    bool captureAsked = false; ///< the first run has asked
    int rowsDays = 90;
    int bodiesDays = 30;
    qint64 bodiesBytes = 2LL << 30;
    QString caFile{};
    QString proxyMode = QStringLiteral("system"); ///< system, none, fixed
    QString proxy{};                          ///< with "fixed": "http://proxy.example:3128", without a login
    QString theme = QStringLiteral("system"); ///< system, light, dark
    QString density = QStringLiteral("comfortable"); ///< comfortable, compact
    int fontPercent = 100;
    bool reducedMotion = false;
    QString closeAction{}; ///< empty: ask; "tray", "quit"
    bool firstStepsHidden = false;
    bool snippetSkipped = false;
    Limits limits{};

    friend bool operator==(const Settings &a, const Settings &b) noexcept;
};

/// Versions for Settings > About and bug reports: of us, Qt, SQLite, OpenSSL, Boost and so on.
struct Version {
    QString name{};
    QString version{};
};

/// A page of the history, newest first.
struct HistoryQuery {
    RequestId before{};
    qint64 fromUs = 0;
    qint64 toUs = 0;
    bool errorsOnly = false;
    int limit = 200;
};

struct Detail {
    trace::Record record{};
    bool bodiesExpired = false;
};

/// Answers arrive on the thread that Control lives on (the UI thread), never from inside the asking call.
template <typename T = void>
using Reply = std::function<void(Result<T>)>;

} // namespace portolan::control
