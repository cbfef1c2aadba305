// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/openvault.h"
#include "core/vault/seal.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <filesystem>
#include <map>

using namespace portolan;
using namespace portolan::vault;
namespace fs = std::filesystem;

namespace {

/// A keyring in memory that can be locked, slow or not there: what stands behind the border.
class ScriptedKeyring final : public Keyring
{
public:
    Result<std::optional<SecretBytes>> read(const std::string &entry) override
    {
        if (!state.empty())
            return fail({.code = state, .retryable = true});
        const auto found = entries.find(entry);
        return found == entries.end() ? std::nullopt : std::optional(SecretBytes::copy(found->second));
    }

    Result<> write(const std::string &entry, const SecretBytes &secret) override
    {
        ++writes;
        if (!state.empty())
            return fail({.code = state, .retryable = true});
        if (!forgets)
            entries[entry] = std::string(secret.view());
        return {};
    }

    std::string state{}; ///< code of every answer; empty: works
    bool forgets = false;
    int writes = 0;
    std::map<std::string, std::string> entries{};
};

} // namespace

class TestOpenVault : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void keepsTheMasterKeyInTheKeyring();
    void fallsBackOnlyWithoutAnyKeyring_data();
    void fallsBackOnlyWithoutAnyKeyring();
    void asksForAPassphraseWhereItCan();
    void makesAKeyFileForUsAlone();
    void neverReplacesAVaultOfTheKeyring_data();
    void neverReplacesAVaultOfTheKeyring();
    void staysWithTheHomeChosenFirst();
    void noticesALostKey();
    void noticesAnotherKey();
    void trustsNoKeyringThatForgets();
    void adoptsWhatAFirstStartLeftBehind_data();
    void adoptsWhatAFirstStartLeftBehind();
    void refusesAKeyFileThatOthersCanRead();
    void refusesADamagedMarker();
    void neverWritesOverTheKeyOfAnotherDirectory();
    void findsItsKeyUnderAnyProfileName();

private:
    std::string sealWith(const OpenOptions &options)
    {
        const auto vault = openVaultWith(options, m_keyring);
        return vault ? (*vault)->seal(SecretBytes::copy("sk-canary"), m_subject).value() : vault.error().code;
    }
    bool opens(const OpenOptions &options, const std::string &sealed)
    {
        const auto vault = openVaultWith(options, m_keyring);
        return vault && (*vault)->open(sealed, m_subject);
    }
    std::string codeOf(const OpenOptions &options)
    {
        const auto vault = openVaultWith(options, m_keyring);
        return vault ? std::string(toString((*vault)->home())) : vault.error().code;
    }
    [[nodiscard]] fs::path fileIn(const char *name) const { return m_options.directory / name; }

    const Vault::Subject m_subject{.account = {1}, .provider = "openai"};
    std::unique_ptr<QTemporaryDir> m_dir;
    ScriptedKeyring m_keyring;
    OpenOptions m_options;
};

void TestOpenVault::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_keyring = {};
    m_options = {.directory = fs::path(m_dir->path().toStdString()) / "data"};
}

void TestOpenVault::keepsTheMasterKeyInTheKeyring()
{
    const std::string sealed = sealWith(m_options);
    QVERIFY(opens(m_options, sealed));
    QCOMPARE(codeOf(m_options), "keyring");
    QCOMPARE(m_keyring.writes, 1);
    QCOMPARE(m_keyring.entries.size(), 1U);
    QVERIFY(m_keyring.entries.begin()->first.starts_with("master-key/default/"));
    QCOMPARE(m_keyring.entries.begin()->second.size(), kMasterKeyBytes);
    QVERIFY(!fs::exists(fileIn("master.key")));
    QVERIFY(!fs::exists(fileIn("master.wrapped")));
}

void TestOpenVault::fallsBackOnlyWithoutAnyKeyring_data()
{
    QTest::addColumn<std::string>("state");
    QTest::addColumn<std::string>("result");
    QTest::newRow("absent") << std::string("vault.keyring_absent") << std::string("key file");
    QTest::newRow("denied") << std::string("vault.keyring_denied")
                            << std::string("vault.keyring_unavailable");
    QTest::newRow("slow") << std::string("vault.keyring_slow") << std::string("vault.keyring_unavailable");
    QTest::newRow("failed") << std::string("vault.keyring_failed")
                            << std::string("vault.keyring_unavailable");
}

void TestOpenVault::fallsBackOnlyWithoutAnyKeyring()
{
    QFETCH(std::string, state);
    QFETCH(std::string, result);
    m_keyring.state = state;
    QCOMPARE(codeOf(m_options), result);
    QCOMPARE(fs::exists(fileIn("master.key")), result == "key file");
    QCOMPARE(fs::exists(fileIn("vault.home")), result == "key file");
}

void TestOpenVault::asksForAPassphraseWhereItCan()
{
    m_keyring.state = "vault.keyring_absent";
    std::string phrase = "correct horse battery";
    m_options.ask_passphrase = [&] { return Result<SecretBytes>(SecretBytes::copy(phrase)); };
    const std::string sealed = sealWith(m_options);
    QVERIFY(opens(m_options, sealed));
    QCOMPARE(codeOf(m_options), "passphrase");
    QVERIFY(!fs::exists(fileIn("master.key")));

    phrase = "wrong horse battery";
    QCOMPARE(codeOf(m_options), "vault.wrong_passphrase");
    m_options.ask_passphrase = {};
    QCOMPARE(codeOf(m_options), "vault.passphrase_needed");
}

void TestOpenVault::makesAKeyFileForUsAlone()
{
    m_options.use_keyring = false;
    const mode_t before = ::umask(0);
    const std::string sealed = sealWith(m_options);
    ::umask(before);
    QVERIFY(opens(m_options, sealed));
    QCOMPARE(m_keyring.writes, 0);
    struct stat info{};
    QCOMPARE(::stat(m_options.directory.c_str(), &info), 0);
    QCOMPARE(info.st_mode & 07777U, 0700U);
    for (const char *name : {"master.key", "vault.home"}) {
        QCOMPARE(::stat(fileIn(name).c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777U, 0600U);
    }
}

void TestOpenVault::neverReplacesAVaultOfTheKeyring_data()
{
    QTest::addColumn<std::string>("state");
    QTest::newRow("absent") << std::string("vault.keyring_absent");
    QTest::newRow("denied") << std::string("vault.keyring_denied");
    QTest::newRow("slow") << std::string("vault.keyring_slow");
    QTest::newRow("failed") << std::string("vault.keyring_failed");
}

void TestOpenVault::neverReplacesAVaultOfTheKeyring()
{
    QFETCH(std::string, state);
    const std::string sealed = sealWith(m_options);
    m_keyring.state = state;
    m_options.ask_passphrase = [] { return Result<SecretBytes>(SecretBytes::copy("correct horse battery")); };
    const auto vault = openVaultWith(m_options, m_keyring);
    QCOMPARE(vault.error().code, "vault.keyring_unavailable");
    QVERIFY(vault.error().retryable);
    QVERIFY(!fs::exists(fileIn("master.key")));
    QVERIFY(!fs::exists(fileIn("master.wrapped")));

    m_keyring.state.clear();
    QVERIFY(opens(m_options, sealed));
}

void TestOpenVault::staysWithTheHomeChosenFirst()
{
    m_options.use_keyring = false;
    const std::string sealed = sealWith(m_options);
    m_options.use_keyring = true;
    QVERIFY(opens(m_options, sealed));
    QCOMPARE(codeOf(m_options), "key file");
    QCOMPARE(m_keyring.writes, 0);

    init();
    (void)sealWith(m_options);
    m_options.use_keyring = false;
    QCOMPARE(codeOf(m_options), "vault.keyring_unavailable");
}

void TestOpenVault::noticesALostKey()
{
    (void)sealWith(m_options);
    m_keyring.entries.clear(); // a locked keyring whose prompt is dismissed looks the same
    QCOMPARE(codeOf(m_options), "vault.keyring_unavailable");
    QCOMPARE(m_keyring.writes, 1);

    init();
    m_options.use_keyring = false;
    (void)sealWith(m_options);
    fs::remove(fileIn("master.key"));
    QCOMPARE(codeOf(m_options), "vault.key_lost");
    QVERIFY(!fs::exists(fileIn("master.key")));
}

void TestOpenVault::noticesAnotherKey()
{
    (void)sealWith(m_options);
    m_keyring.entries.begin()->second = std::string(makeMasterKey().view());
    QCOMPARE(codeOf(m_options), "vault.other_key");
    m_keyring.entries.begin()->second = "no master key";
    QCOMPARE(codeOf(m_options), "vault.other_key");
}

void TestOpenVault::trustsNoKeyringThatForgets()
{
    m_keyring.forgets = true;
    QCOMPARE(codeOf(m_options), "vault.keyring_unavailable");
    QVERIFY(!fs::exists(fileIn("vault.home")));
}

void TestOpenVault::adoptsWhatAFirstStartLeftBehind_data()
{
    QTest::addColumn<std::string>("home");
    for (const char *home : {"passphrase", "key file"})
        QTest::newRow(home) << std::string(home);
}

void TestOpenVault::adoptsWhatAFirstStartLeftBehind()
{
    QFETCH(std::string, home);
    m_options.use_keyring = false;
    if (home == "passphrase")
        m_options.ask_passphrase
            = [] { return Result<SecretBytes>(SecretBytes::copy("correct horse battery")); };
    const std::string sealed = sealWith(m_options);
    fs::remove(fileIn("vault.home"));
    m_options.use_keyring = true;
    QVERIFY(opens(m_options, sealed));
    QCOMPARE(codeOf(m_options), home);
}

void TestOpenVault::refusesAKeyFileThatOthersCanRead()
{
    m_options.use_keyring = false;
    (void)sealWith(m_options);
    QCOMPARE(::chmod(fileIn("master.key").c_str(), 0644), 0);
    const auto vault = openVaultWith(m_options, m_keyring);
    QCOMPARE(vault.error().code, "vault.key_file_readable");
    QVERIFY(vault.error().message.contains("chmod 600 " + fileIn("master.key").string()));
}

void TestOpenVault::refusesADamagedMarker()
{
    m_options.use_keyring = false;
    (void)sealWith(m_options);
    const fs::path marker = fileIn("vault.home");
    for (const std::uintmax_t size : {0, 10, 26, 30}) {
        fs::resize_file(marker, size);
        QCOMPARE(codeOf(m_options), "vault.damaged_file");
    }
}

void TestOpenVault::neverWritesOverTheKeyOfAnotherDirectory()
{
    const std::string sealed = sealWith(m_options);
    OpenOptions other = m_options;
    other.directory = m_options.directory.parent_path() / "other";
    QVERIFY(!opens(other, sealed));
    QCOMPARE(m_keyring.entries.size(), 2U);
    QVERIFY(opens(m_options, sealed));
}

void TestOpenVault::findsItsKeyUnderAnyProfileName()
{
    m_options.profile = "my work\n";
    const std::string sealed = sealWith(m_options);
    m_options.profile = "default";
    QVERIFY(opens(m_options, sealed));
    QVERIFY(m_keyring.entries.begin()->first.starts_with("master-key/my_work_/"));
}

QTEST_APPLESS_MAIN(TestOpenVault)
#include "tst_openvault.moc"
