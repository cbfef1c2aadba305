// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace portolan::catalog {
class Catalog;
}
namespace portolan::gateway {
class AdminCalls;
}

namespace portolan::control {

class Control;

struct ControlOptions {
    QString dataDirectory{}; ///< empty: the platform's own, by profile
    QString profile = QStringLiteral("default");
    QString listen{}; ///< "address:port" of the command line; overrides the setting for this run
    std::optional<bool> openOnLoopback{}; ///< likewise
    bool useKeyring = true;
    std::function<Result<SecretBytes>()> askPassphrase{};
    bool hasWindow = false; ///< live events are gathered only for a window
};

/// Where a profile keeps its data when nothing else is said.
[[nodiscard]] QString defaultDataDirectory(const QString &profile);
/// The config with that slug, else the only one with that name; null: none.
[[nodiscard]] const ConfigInfo *configNamed(const Control &control, const QString &slug_or_name);
/// "127.0.0.1:8787", "[::1]:0": an address literal (or localhost) and a port.
[[nodiscard]] bool isListenAddress(const QString &text);

/// For as long as it lives, changes that are asked for are recorded as this actor's.
class Acting
{
public:
    Acting(Control &control, Actor actor);
    ~Acting();
    Acting(const Acting &) = delete;
    Acting &operator=(const Acting &) = delete;

private:
    Control &m_control; // outlives it
    const Actor m_before;
};

/// The façade between the window (or the command line, or the admin API) and the core: starts and stops the
/// gateway, changes accounts, keys, configs and settings, answers queries, and reports what happens. Lives on
/// one thread with an event loop; nothing here waits for disk or network: answers come through Reply, on that
/// thread.
class Control : public QObject
{
    Q_OBJECT

public:
    /// Opens the store and the vault and reads everything: the one slow step (well under a second), before
    /// the window shows. "store.locked": another instance has this data directory. "vault...": see openVault.
    static Result<std::unique_ptr<Control>> open(ControlOptions options);
    ~Control() override; ///< drains the gateway, writes what is queued

    // What is known now, kept in memory: cheap to ask for.
    [[nodiscard]] virtual const GatewayStatus &gateway() const = 0;
    [[nodiscard]] virtual const std::vector<Account> &accounts() const = 0;       ///< by slug, @practice last
    [[nodiscard]] virtual const std::vector<VirtualKey> &virtualKeys() const = 0; ///< by slug, @practice last
    [[nodiscard]] virtual const std::vector<ClientKeyInfo> &clientKeys() const = 0;
    [[nodiscard]] virtual const std::vector<ConfigInfo> &configs() const = 0; ///< by name
    [[nodiscard]] virtual const Settings &settings() const = 0;
    [[nodiscard]] virtual const std::vector<Problem> &problems() const = 0;
    [[nodiscard]] virtual const Pulse &pulse() const = 0;
    [[nodiscard]] virtual std::shared_ptr<const catalog::Catalog> catalog() const = 0;
    [[nodiscard]] virtual std::vector<ModelInfo> models() const = 0; ///< of every enabled account; not cheap
    [[nodiscard]] virtual std::vector<Version> versions() const = 0;
    [[nodiscard]] virtual QString dataDirectory() const = 0;
    [[nodiscard]] virtual QString masterKeyHome() const = 0; ///< words: where the master key is kept
    /// The token of the client key made at first start: once, then null.
    [[nodiscard]] virtual SharedSecret takeFirstToken() = 0;

    // The gateway.
    /// Answers its admin calls until the end. To be called before startGateway().
    virtual void serveAdmin(std::shared_ptr<gateway::AdminCalls> admin) = 0;
    virtual void startGateway() = 0;
    virtual void stopGateway() = 0; ///< drains: running requests get Limits::drain
    /// Stops without that patience: running requests are ended, their clients get an error. Also while it
    /// drains.
    virtual void cutGateway() = 0;

    // Every change of accounts, keys, configs and settings is recorded in the transaction that makes it.
    /// Without one the window changes things, or the program itself where there is no window.
    [[nodiscard]] Acting actingAs(Actor actor) { return {*this, std::move(actor)}; }
    virtual void auditLog(AuditQuery query, Reply<AuditPage> reply) = 0;

    // Accounts.
    virtual void addAccount(NewAccount account, Reply<AccountId> reply) = 0;
    virtual void rotateAccount(AccountId id, SharedSecret credential, Reply<> reply) = 0;
    virtual void editAccount(AccountId id, AccountEdit edit, Reply<> reply) = 0;
    void editAccount(AccountId id, QString name, QString baseUrl, SharedSecret credential, Reply<> reply)
    {
        editAccount(id,
                    AccountEdit{.name = std::move(name),
                                .baseUrl = std::move(baseUrl),
                                .credential = std::move(credential)},
                    std::move(reply));
    }
    virtual void setAccountEnabled(AccountId id, bool enabled, Reply<> reply) = 0;
    virtual void removeAccount(AccountId id, Reply<> reply) = 0;
    /// Closes it now, so that its target is called again: for when the provider is known to be back.
    virtual void closeBreaker(const Breaker &breaker) = 0;
    virtual void testAccount(AccountId id, Reply<TestResult> reply) = 0;
    /// Tests what has not been saved.
    virtual void testDraft(NewAccount account, Reply<TestResult> reply) = 0;
    /// A slug for a new account of that provider that is still free: "openai", "openai-2".
    [[nodiscard]] virtual QString proposeSlug(const QString &provider) const = 0;
    /// Empty when it can be used, else a sentence.
    [[nodiscard]] virtual QString checkSlug(const QString &slug) const = 0;
    /// How a credential that is not saved will be called: its last four characters, for a service account
    /// its name and its key's; or why it cannot be this provider's.
    [[nodiscard]] virtual Result<QString> describeCredential(const NewAccount &account) const = 0;
    /// The names of the profiles in ~/.aws; none where there are no files.
    virtual void findAwsProfiles(Reply<QStringList> reply) = 0;
    virtual void findOffers(Reply<std::vector<Offer>> reply) = 0;
    /// Reads the offered environment variable or address into a draft; nothing is saved.
    [[nodiscard]] virtual Result<NewAccount> draftFrom(const Offer &offer) const = 0;

    // Models of an account, by the names that calls use.
    /// One that no list has. "model.known": it is there already.
    virtual void addModel(AccountId account, QString model, ModelEdit edit, Reply<> reply) = 0;
    virtual void editModel(AccountId account, QString model, ModelEdit edit, Reply<> reply) = 0;
    /// Forgets what the owner said of it; one that no list has is gone then.
    virtual void removeModel(AccountId account, QString model, Reply<> reply) = 0;
    /// Asks the provider for its list and says what would change; nothing is taken over. "model.no_list".
    virtual void compareModels(AccountId account, Reply<ModelSync> reply) = 0;
    virtual void acceptModels(AccountId account, ModelSync sync, Reply<> reply) = 0;

    // Virtual keys. An account's first one is made and removed with it.
    virtual void addVirtualKey(NewVirtualKey key, Reply<VirtualKeyId> reply) = 0;
    virtual void editVirtualKey(VirtualKeyId id, VirtualKeyEdit edit, Reply<> reply) = 0;
    /// "store.first_virtual_key" for an account's first one.
    virtual void removeVirtualKey(VirtualKeyId id, Reply<> reply) = 0;

    // Client keys.
    virtual void createClientKey(NewClientKey key, Reply<CreatedKey> reply) = 0;
    void createClientKey(QString name, QStringList scopes, Reply<CreatedKey> reply)
    {
        createClientKey(NewClientKey{.name = std::move(name), .scopes = std::move(scopes)}, std::move(reply));
    }
    /// What a key has used of its limits begins anew: spend, what was allowed beside the budget, spans.
    virtual void resetUse(VirtualKeyId id, Reply<> reply) = 0;
    virtual void resetUse(ClientKeyId id, Reply<> reply) = 0;
    /// So much more than its budget, in the budget's unit, until that begins anew.
    virtual void allowMore(VirtualKeyId id, std::int64_t amount, Reply<> reply) = 0;
    virtual void allowMore(ClientKeyId id, std::int64_t amount, Reply<> reply) = 0;
    virtual void setClientKeyDefaults(ClientKeyId id, KeyDefaults defaults, Reply<> reply) = 0;
    virtual void setClientKeyEnabled(ClientKeyId id, bool enabled, Reply<> reply) = 0;
    virtual void editClientKey(ClientKeyId id, ClientKeyEdit edit, Reply<> reply) = 0;
    /// A new token for the same key. The old one holds for `grace` more, at most 30 days; another rotation
    /// before that ends it at once and must have no grace time itself ("key.rotating").
    virtual void rotateClientKey(ClientKeyId id, std::chrono::milliseconds grace, Reply<CreatedKey> reply)
        = 0;
    virtual void removeClientKey(ClientKeyId id, Reply<> reply) = 0;

    // Saved configs. A text with an error in it, or with a credential, never replaces a good one (R18): the
    // answer then says `saved` false and has all problems. Requests that run keep the version they began
    // with.
    virtual void createConfig(NewConfig config, Reply<ConfigSave> reply) = 0;
    virtual void editConfig(ConfigId id, ConfigEdit edit, Reply<ConfigSave> reply) = 0;
    /// Saves an older version's text anew.
    virtual void restoreConfig(ConfigId id, int version, QString author, Reply<ConfigSave> reply) = 0;
    /// "store.config_in_use" while a client key has it as its default.
    virtual void removeConfig(ConfigId id, Reply<> reply) = 0;
    virtual void configVersions(ConfigId id, Reply<std::vector<ConfigVersion>> reply) = 0; ///< newest first
    /// With its text; 0 asks for the current one.
    virtual void configVersion(ConfigId id, int version, Reply<ConfigVersion> reply) = 0;

    // Settings. What needs a restart of the listener restarts it, the old one staying until the new is bound
    // (R19).
    virtual void changeSettings(Settings settings, Reply<> reply) = 0;

    // History. Read on a worker thread.
    virtual void history(HistoryQuery query, Reply<std::vector<trace::RequestRow>> reply) = 0;
    virtual void detail(RequestId id, Reply<std::optional<Detail>> reply) = 0;
    virtual void rollups(qint64 fromS, qint64 toS, int stepS, Reply<std::vector<trace::Rollup>> reply) = 0;
    virtual void removeRequests(std::vector<RequestId> ids, Reply<> reply) = 0;
    virtual void removeAllRequests(Reply<> reply) = 0;
    /// One small chat request to @practice/echo through the gateway itself.
    virtual void sendTestRequest(Reply<RequestId> reply) = 0;
    /// Ends a running request: its client gets an error.
    virtual void abortRequest(RequestId id) = 0;

signals:
    void gatewayChanged();
    void accountsChanged();
    void virtualKeysChanged();
    void clientKeysChanged();
    void configsChanged();
    void modelsChanged(); ///< what is known or said of models, not which accounts there are
    void settingsChanged();
    void problemsChanged();
    void pulseChanged();                                  ///< once a second while anything changes
    void live(const portolan::control::LiveBatch &batch); ///< at most ten times a second

protected:
    Control();
    [[nodiscard]] const Actor &actor() const noexcept { return m_actor; }

private:
    friend class Acting;
    Actor m_actor;
};

} // namespace portolan::control
