// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/ledger.h"
#include "core/control/control.h"
#include "core/control/discovery.h"
#include "core/control/feed.h"
#include "core/control/keyparts.h"
#include "core/control/listener.h"
#include "core/control/prober.h"
#include "core/control/snapshotbuilder.h"
#include "core/control/worker.h"
#include "core/gateway/threadcontext.h"
#include "core/routing/lint.h"
#include "core/routing/parse.h"
#include "core/store/store.h"
#include "core/vault/vault.h"

#include <QTimer>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace portolan::control {

/// What Control::open has gathered before the façade exists.
struct Opened {
    ControlOptions options{};
    std::unique_ptr<store::Store> store{};
    std::shared_ptr<const vault::Vault> vault{};
    std::shared_ptr<const catalog::Catalog> catalog{};
    Stored stored{};
    std::vector<store::AccountModelsRow> listed{};
    trace::KeptUse key_use{};
    Settings settings{};
    SharedSecret first_token{};
};

/// What is recorded of a change (auditjson.h).
struct Audit {
    std::string action{};
    std::string resource{};
    std::string name{};
    std::string before{};
    std::function<std::string()> after{}; ///< called by the writer, when the change is made
};

/// A draft that was tested and the models it listed: saved as it is, it needs no second test.
struct TestedDraft {
    NewAccount draft{}; ///< without its credential
    std::weak_ptr<const SecretBytes> credential{};
    std::vector<store::ListedModel> models{};
};

/// Control over the real core. Everything here runs on the thread it was made on, but for what the two
/// workers, the prober and the store's writer do; they report back through post().
class ControlImpl final : public Control
{
    Q_OBJECT

public:
    explicit ControlImpl(Opened opened);
    /// Makes the one client key of the first start: shown once, then only its last four characters.
    static Result<SharedSecret> makeFirstKey(store::Store &store, Stored &stored);
    ~ControlImpl() override;

    // controlimpl.cpp: state and the gateway's life
    const GatewayStatus &gateway() const override { return m_gateway; }
    const std::vector<Account> &accounts() const override { return m_accounts; }
    const std::vector<VirtualKey> &virtualKeys() const override { return m_virtual_keys; }
    const std::vector<ClientKeyInfo> &clientKeys() const override { return m_client_keys; }
    const std::vector<ConfigInfo> &configs() const override { return m_configs; }
    const Settings &settings() const override { return m_settings; }
    const std::vector<Problem> &problems() const override { return m_problems; }
    const Pulse &pulse() const override { return m_pulse; }
    std::shared_ptr<const catalog::Catalog> catalog() const override { return m_catalog; }
    std::vector<Version> versions() const override;
    QString dataDirectory() const override;
    QString masterKeyHome() const override;
    SharedSecret takeFirstToken() override { return std::exchange(m_first_token, nullptr); }
    void serveAdmin(std::shared_ptr<gateway::AdminCalls> admin) override;
    void startGateway() override;
    void stopGateway() override;
    void cutGateway() override;
    void changeSettings(Settings settings, Reply<> reply) override;

    // controlaccounts.cpp, controltests.cpp
    void addAccount(NewAccount account, Reply<AccountId> reply) override;
    void rotateAccount(AccountId id, SharedSecret credential, Reply<> reply) override;
    using Control::editAccount;
    void editAccount(AccountId id, AccountEdit edit, Reply<> reply) override;
    void setAccountEnabled(AccountId id, bool enabled, Reply<> reply) override;
    void removeAccount(AccountId id, Reply<> reply) override;
    void closeBreaker(const Breaker &breaker) override;
    void testAccount(AccountId id, Reply<TestResult> reply) override;
    void testDraft(NewAccount account, Reply<TestResult> reply) override;
    QString proposeSlug(const QString &provider) const override;
    QString checkSlug(const QString &slug) const override;
    Result<QString> describeCredential(const NewAccount &account) const override;
    void findAwsProfiles(Reply<QStringList> reply) override;
    void findOffers(Reply<std::vector<Offer>> reply) override;
    Result<NewAccount> draftFrom(const Offer &offer) const override;

    // controlvirtualkeys.cpp
    void addVirtualKey(NewVirtualKey key, Reply<VirtualKeyId> reply) override;
    void editVirtualKey(VirtualKeyId id, VirtualKeyEdit edit, Reply<> reply) override;
    void removeVirtualKey(VirtualKeyId id, Reply<> reply) override;
    void resetUse(VirtualKeyId id, Reply<> reply) override;
    void allowMore(VirtualKeyId id, std::int64_t amount, Reply<> reply) override;

    // controlkeys.cpp
    using Control::createClientKey;
    void createClientKey(NewClientKey key, Reply<CreatedKey> reply) override;
    void setClientKeyDefaults(ClientKeyId id, KeyDefaults defaults, Reply<> reply) override;
    void setClientKeyEnabled(ClientKeyId id, bool enabled, Reply<> reply) override;
    void editClientKey(ClientKeyId id, ClientKeyEdit edit, Reply<> reply) override;
    void rotateClientKey(ClientKeyId id, std::chrono::milliseconds grace, Reply<CreatedKey> reply) override;
    void resetUse(ClientKeyId id, Reply<> reply) override;
    void allowMore(ClientKeyId id, std::int64_t amount, Reply<> reply) override;
    void removeClientKey(ClientKeyId id, Reply<> reply) override;

    // controlconfigs.cpp
    void createConfig(NewConfig config, Reply<ConfigSave> reply) override;
    void editConfig(ConfigId id, ConfigEdit edit, Reply<ConfigSave> reply) override;
    void restoreConfig(ConfigId id, int version, QString author, Reply<ConfigSave> reply) override;
    void removeConfig(ConfigId id, Reply<> reply) override;
    void configVersions(ConfigId id, Reply<std::vector<ConfigVersion>> reply) override;
    void configVersion(ConfigId id, int version, Reply<ConfigVersion> reply) override;

    // controlmodels.cpp
    std::vector<ModelInfo> models() const override;
    void addModel(AccountId account, QString model, ModelEdit edit, Reply<> reply) override;
    void editModel(AccountId account, QString model, ModelEdit edit, Reply<> reply) override;
    void removeModel(AccountId account, QString model, Reply<> reply) override;
    void compareModels(AccountId account, Reply<ModelSync> reply) override;
    void acceptModels(AccountId account, ModelSync sync, Reply<> reply) override;

    // controlqueries.cpp
    void history(HistoryQuery query, Reply<std::vector<trace::RequestRow>> reply) override;
    void detail(RequestId id, Reply<std::optional<Detail>> reply) override;
    void rollups(qint64 fromS, qint64 toS, int stepS, Reply<std::vector<trace::Rollup>> reply) override;
    void removeRequests(std::vector<RequestId> ids, Reply<> reply) override;
    void removeAllRequests(Reply<> reply) override;
    void sendTestRequest(Reply<RequestId> reply) override;
    void abortRequest(RequestId id) override;

    // controlaudit.cpp
    void auditLog(AuditQuery query, Reply<AuditPage> reply) override;

private:
    /// Runs `job` on this thread's event loop; dropped when this is gone. Any thread.
    void post(std::function<void()> job);
    /// A change of what is stored: committed by the writer, then taken over by `apply` here, then published.
    void change(std::function<Result<>(store::Changes &)> job, std::function<void()> apply, Reply<> reply);
    /// The same, with what is recorded of it. An update that changes nothing is not.
    void change(Audit audit, std::function<Result<>(store::Changes &)> job, std::function<void()> apply,
                Reply<> reply);
    /// `then` acts as whoever acts now, when it is called later.
    template <typename Then>
    auto asNow(Then then)
    {
        return [this, actor = actor(), then = std::move(then)](auto &&...arguments) {
            const auto acting = actingAs(actor);
            then(std::forward<decltype(arguments)>(arguments)...);
        };
    }
    /// Runs `job` with the reader on its worker; `failed` runs here when there is no reader.
    void read(std::function<void(store::Reader &)> job, std::function<void(Error)> failed);
    [[nodiscard]] Result<> applyEdit(store::AccountRow &row, const AccountEdit &edit) const;
    void changeAccount(AccountId id, std::function<Result<>(store::AccountRow &)> edit, Reply<> reply,
                       const char *action = "update");
    /// Takes over the virtual keys that the store made beside a new account.
    void takeVirtualKeys(Reply<> reply);
    [[nodiscard]] Result<> applyEdit(store::ClientKeyRow &row, const ClientKeyEdit &edit) const;
    /// The key `id`; null: @practice, or there is none any more.
    [[nodiscard]] const store::VirtualKeyRow *virtualKeyRow(VirtualKeyId id) const;
    [[nodiscard]] Result<> applyEdit(store::VirtualKeyRow &row, const VirtualKeyEdit &edit) const;
    /// What of the keys changes by itself: use, state, the last call.
    void freshen(std::vector<VirtualKey> &keys) const;
    void freshen(std::vector<ClientKeyInfo> &keys) const;
    void refreshKeyUse();

    // controllimits.cpp
    /// Brings the limits of these keys, which are all, to the ledger.
    void applyLimits(const std::vector<VirtualKey> &keys);
    void applyLimits(const std::vector<ClientKeyInfo> &keys);
    void keepCharges(std::vector<trace::Charge> charges);
    using ChangeOfUse = std::function<std::optional<trace::Charge>(admission::Party)>;
    using KeepCharge = std::function<Result<>(store::Changes &, const trace::Charge &)>;
    /// Changes what the ledger knows at once, and then what is kept of it.
    template <typename Key>
    void changeUse(const std::vector<Key> &keys, decltype(Key::id) id, const ChangeOfUse &make,
                   const KeepCharge &keep, const char *action, Reply<> reply);

    /// `edit` runs at once, on what the edits on their way leave.
    void changeVirtualKey(VirtualKeyId id, const std::function<Result<>(store::VirtualKeyRow &)> &edit,
                          Reply<> reply);
    void changeClientKey(ClientKeyId id, const std::function<Result<>(store::ClientKeyRow &)> &edit,
                         Reply<> reply, const char *action = "update");
    [[nodiscard]] std::string slugOf(AccountId id) const;
    [[nodiscard]] bool isSlugKnown(const QString &slug) const;
    /// What configs may name here.
    [[nodiscard]] routing::Installation installation() const;
    /// Reads a text on a worker, where a large one makes nobody wait.
    void readText(std::string text, std::function<void(routing::Reading)> then);
    void commitEdit(ConfigId id, ConfigEdit edit, routing::Reading reading, Reply<ConfigSave> reply);
    void takeConfig(std::shared_ptr<const StoredConfig> config);
    [[nodiscard]] const StoredConfig *storedConfigOf(ConfigId id) const;
    [[nodiscard]] ConfigInfo infoOf(const StoredConfig &config) const;
    [[nodiscard]] static store::ClientKeyRow newKeyRow(std::string name, const SecretBytes &token);

    [[nodiscard]] ListenerOptions listenerOptions(const Settings &settings) const;
    void launch(ListenerOptions options, Reply<> reply);
    void adopt(std::unique_ptr<Listener> listener);
    void retire(std::shared_ptr<Listener> listener, std::function<void()> then);
    void noteActive();
    void setGateway(GatewayStatus status);
    void publish();
    void takeProxies();   ///< those of the settings, at once
    void askForProxies(); ///< the system, about the providers of the snapshot; publishes what it says
    void refreshAccounts();
    void refreshBreakers();
    void refreshVirtualKeys();
    void refreshClientKeys();
    void refreshConfigs();
    void refreshProblems();
    void refreshPulse();
    void tick();
    void drainFeed();
    [[nodiscard]] store::AccountRow *accountRow(AccountId id);
    [[nodiscard]] store::ClientKeyRow *clientKeyRow(ClientKeyId id);
    [[nodiscard]] DiscoveryOptions discoveryOptions();
    /// Where the account's credential goes to now.
    [[nodiscard]] std::string destinationOf(const store::AccountRow &row) const;
    [[nodiscard]] Result<SharedSecret> draftCredential(const NewAccount &account) const;
    /// Calls `done` here.
    void probe(gateway::SharedTarget target, SharedRedactor redactor,
               std::function<void(const Probe &)> done);
    void takeTest(AccountId id, const std::string &slug, const std::string &destination, const Probe &probe);
    void takeModels(store::AccountModelsRow row);
    void addModelsOf(const Account &account, std::vector<ModelInfo> &models) const;
    void saveChoice(store::ModelChoiceRow row, const ModelEdit &edit, Reply<> reply);
    void forgetChoice(AccountId account, const std::string &model);
    [[nodiscard]] const store::ModelChoiceRow *choiceOf(AccountId account, const std::string &model) const;
    [[nodiscard]] ModelSync compared(AccountId account, const std::vector<store::ListedModel> &now) const;
    [[nodiscard]] std::vector<store::ListedModel> modelsOfDraft(const NewAccount &account) const;
    [[nodiscard]] bool readsProfiles() const; ///< of ~/.aws, which change without us
    void takePulse(std::vector<trace::Rollup> minutes, qint64 now_s, qint64 midnight_s);
    [[nodiscard]] AccountHealth healthOf(const store::AccountRow &row, bool needs_credential) const;

    const ControlOptions m_options;
    const std::unique_ptr<store::Store> m_store;
    const std::shared_ptr<const vault::Vault> m_vault;
    const std::shared_ptr<const catalog::Catalog> m_catalog;
    Stored m_stored;
    Underway<store::AccountRow> m_account_edits;
    Underway<store::VirtualKeyRow> m_virtual_key_edits;
    Underway<store::ClientKeyRow> m_client_key_edits;
    Settings m_settings;
    SharedSecret m_first_token;
    SharedSecret
        m_own_token; ///< of the key, kept in memory alone, with which the window calls its own gateway
    store::ClientKeyRow m_own_key;
    std::string m_hop;
    gateway::SharedSnapshot m_snapshot;
    std::shared_ptr<const http::ProxyRules> m_proxies;
    std::optional<std::vector<http::Endpoint>> m_asked; ///< about these the system was asked
    QString m_prober_ca;

    Feed m_feed;
    std::shared_ptr<gateway::AdminCalls> m_admin;
    admission::Ledger m_ledger;
    std::unordered_map<VirtualKeyId, admission::KeyLimits> m_virtual_key_limits; // that the ledger knows
    std::unordered_map<ClientKeyId, admission::KeyLimits> m_client_key_limits;   // likewise
    gateway::Services m_services;
    GatewayStatus m_gateway;
    bool m_open_on_loopback = false;
    std::vector<Account> m_accounts;
    std::vector<std::pair<std::string, Breaker>> m_breakers; ///< with the slug each leads to, oldest first
    std::uint64_t m_breakers_seen = 0;                       ///< Circuits::changes() of these
    std::vector<VirtualKey> m_virtual_keys;
    std::vector<ClientKeyInfo> m_client_keys;
    std::vector<ConfigInfo> m_configs;
    std::vector<Problem> m_problems;
    Pulse m_pulse;
    std::unordered_map<std::string, LastCall> m_tests; ///< by slug: results of Test, until a real call
    std::unordered_map<AccountId, store::AccountModelsRow> m_listed; ///< what was listed and accepted last
    TestedDraft m_tested;
    std::chrono::steady_clock::time_point m_published{};
    std::deque<std::pair<qint64, quint64>> m_counts; ///< seconds, finished requests: for the rate
    quint64 m_pulse_seen = ~quint64{0};
    int m_ticks = 0;
    QTimer m_feed_timer;
    QTimer m_tick_timer;

    Discovery m_discovery;
    std::shared_ptr<Listener> m_listener;
    std::weak_ptr<Listener> m_draining; ///< the one that stopGateway() has let go of
    bool m_cuts = false;                ///< and that nobody waits for
    std::unique_ptr<Prober> m_prober;
    std::unique_ptr<store::Reader> m_reader; ///< made and used on m_reading
    Worker m_reading;                        ///< queries
    Worker m_lifecycle;                      ///< starts and drains listeners
    Worker m_asking;                         ///< the system for proxies, which may take seconds
};

} // namespace portolan::control
