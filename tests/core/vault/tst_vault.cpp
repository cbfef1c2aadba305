// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/seal.h"
#include "core/vault/vault.h"

#include <QTest>

#include <set>

using namespace portolan;
using namespace portolan::vault;

class TestVault : public QObject
{
    Q_OBJECT

private slots:
    void opensWhatItSealed_data();
    void opensWhatItSealed();
    void sealsTheSameTwiceDifferently();
    void refusesEveryChangedBit();
    void refusesEveryShorterOrLongerText();
    void refusesASwappedRow_data();
    void refusesASwappedRow();
    void refusesAnotherMasterKey();
    void keepsTheSecretOutOfTheSealedText();
    void refusesASecretThatIsTooLong();

private:
    const Vault::Subject m_subject{.account = {7}, .provider = "openai"};
    const Vault m_vault{makeMasterKey(), KeyHome::KeyFile};
};

void TestVault::opensWhatItSealed_data()
{
    QTest::addColumn<std::string>("secret");
    QTest::newRow("a key") << std::string("sk-canary-0123456789");
    QTest::newRow("empty") << std::string();
    QTest::newRow("any bytes") << std::string("\0\xff\r\n\x80", 5);
    QTest::newRow("a service account") << std::string(3000, '{');
    QTest::newRow("the longest") << std::string(kMaxSecretBytes, 'x');
}

void TestVault::opensWhatItSealed()
{
    QFETCH(std::string, secret);
    const auto sealed = m_vault.seal(SecretBytes::copy(secret), m_subject);
    QVERIFY(sealed);
    const auto opened = m_vault.open(*sealed, m_subject);
    QVERIFY(opened);
    QVERIFY(opened->equals(secret));
}

void TestVault::sealsTheSameTwiceDifferently()
{
    const SecretBytes secret = SecretBytes::copy("sk-canary");
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i)
        QVERIFY(seen.insert(m_vault.seal(secret, m_subject).value()).second);
}

void TestVault::refusesEveryChangedBit()
{
    const std::string sealed = m_vault.seal(SecretBytes::copy("sk-canary-0123456789"), m_subject).value();
    for (std::size_t byte = 0; byte < sealed.size(); ++byte) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = sealed;
            changed[byte] = static_cast<char>(changed[byte] ^ (1 << bit));
            const auto opened = m_vault.open(changed, m_subject);
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, "vault.damaged");
        }
    }
}

void TestVault::refusesEveryShorterOrLongerText()
{
    const std::string sealed = m_vault.seal(SecretBytes::copy("sk-canary"), m_subject).value();
    for (std::size_t size = 0; size < sealed.size(); ++size)
        QCOMPARE(m_vault.open(sealed.substr(0, size), m_subject).error().code, "vault.damaged");
    QCOMPARE(m_vault.open(sealed + 'x', m_subject).error().code, "vault.damaged");
    QCOMPARE(m_vault.open(sealed + std::string(1 << 20, 'x'), m_subject).error().code, "vault.damaged");
}

void TestVault::refusesASwappedRow_data()
{
    QTest::addColumn<qint64>("account");
    QTest::addColumn<std::string>("provider");
    QTest::newRow("another account") << qint64(8) << std::string("openai");
    QTest::newRow("another provider") << qint64(7) << std::string("anthropic");
    QTest::newRow("a longer provider") << qint64(7) << std::string("openai2");
    QTest::newRow("no provider") << qint64(7) << std::string();
}

void TestVault::refusesASwappedRow()
{
    QFETCH(qint64, account);
    QFETCH(std::string, provider);
    const SecretBytes secret = SecretBytes::copy("sk-canary");
    const Vault::Subject other{.account = {account}, .provider = provider};
    const std::string first = m_vault.seal(secret, m_subject).value();
    const std::string second = m_vault.seal(secret, other).value();
    QCOMPARE(m_vault.open(first, other).error().code, "vault.damaged");
    QCOMPARE(m_vault.open(second, m_subject).error().code, "vault.damaged");
    QVERIFY(m_vault.open(second, other));
}

void TestVault::refusesAnotherMasterKey()
{
    const std::string sealed = m_vault.seal(SecretBytes::copy("sk-canary"), m_subject).value();
    const Vault other(makeMasterKey(), KeyHome::KeyFile);
    QCOMPARE(other.open(sealed, m_subject).error().code, "vault.damaged");
}

void TestVault::keepsTheSecretOutOfTheSealedText()
{
    const std::string sealed = m_vault.seal(SecretBytes::copy("sk-canary"), m_subject).value();
    QVERIFY(!sealed.contains("canary"));
    QVERIFY(!sealed.contains("openai"));
}

void TestVault::refusesASecretThatIsTooLong()
{
    const auto sealed = m_vault.seal(SecretBytes::copy(std::string(kMaxSecretBytes + 1, 'x')), m_subject);
    QCOMPARE(sealed.error().code, "vault.secret_too_long");
}

QTEST_APPLESS_MAIN(TestVault)
#include "tst_vault.moc"
