// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/passphrase.h"
#include "core/vault/privatefile.h"
#include "core/vault/seal.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>

using namespace portolan;
using namespace portolan::vault;

class TestPassphrase : public QObject
{
    Q_OBJECT

private slots:
    void opensWithTheSamePassphrase();
    void refusesAnother();
    void refusesAShortOne();
    void wrapsTheSameTwiceDifferently();
    void refusesADamagedFile();
    void refusesACostOutOfBoundsAtOnce_data();
    void refusesACostOutOfBoundsAtOnce();
    void measuresACostWithinBounds();
    void asksOnlyWhenThereIsSomethingToOpen();
    void reportsAnAskerThatHasNone();

private:
    const SecretBytes m_key = makeMasterKey();
    const SecretBytes m_passphrase = SecretBytes::copy("correct horse battery");
    const std::string m_wrapped = wrapKey(m_key, m_passphrase, kLeastCost).value();
};

void TestPassphrase::opensWithTheSamePassphrase()
{
    const auto key = unwrapKey(m_wrapped, m_passphrase);
    QVERIFY(key);
    QVERIFY(key->equals(m_key.view()));
}

void TestPassphrase::refusesAnother()
{
    for (const char *other : {"correct horse batterz", "", "correct horse battery "})
        QCOMPARE(unwrapKey(m_wrapped, SecretBytes::copy(other)).error().code, "vault.wrong_passphrase");
}

void TestPassphrase::refusesAShortOne()
{
    QCOMPARE(wrapKey(m_key, SecretBytes::copy("1234567"), kLeastCost).error().code, "vault.short_passphrase");
}

void TestPassphrase::wrapsTheSameTwiceDifferently()
{
    QVERIFY(wrapKey(m_key, m_passphrase, kLeastCost).value() != m_wrapped);
}

void TestPassphrase::refusesADamagedFile()
{
    // The magic, the salt, the sealed key: one bit each, for every derivation costs a tenth of a second.
    QCOMPARE(unwrapKey("x" + m_wrapped.substr(1), m_passphrase).error().code, "vault.damaged_file");
    for (const std::size_t at : {std::size_t(12), std::size_t(30), m_wrapped.size() - 1}) {
        std::string changed = m_wrapped;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        QCOMPARE(unwrapKey(changed, m_passphrase).error().code, "vault.wrong_passphrase");
    }
    for (const std::size_t size : {0, 3, 4, 12, 28})
        QCOMPARE(unwrapKey(m_wrapped.substr(0, size), m_passphrase).error().code, "vault.damaged_file");
    QCOMPARE(unwrapKey(m_wrapped + std::string(1000, 'x'), m_passphrase).error().code, "vault.damaged_file");
}

void TestPassphrase::refusesACostOutOfBoundsAtOnce_data()
{
    QTest::addColumn<quint32>("passes");
    QTest::addColumn<quint32>("memoryKib");
    QTest::newRow("too many passes") << 21U << 64U * 1024;
    QTest::newRow("too few passes") << 2U << 64U * 1024;
    QTest::newRow("no pass") << 0U << 64U * 1024;
    QTest::newRow("more than 1 GiB") << 3U << 1024U * 1024 + 1;
    QTest::newRow("less than 64 MiB") << 3U << 64U * 1024 - 1;
    QTest::newRow("the largest numbers") << 0xffffffffU << 0xffffffffU;
}

void TestPassphrase::refusesACostOutOfBoundsAtOnce()
{
    QFETCH(quint32, passes);
    QFETCH(quint32, memoryKib);
    std::string changed = m_wrapped;
    for (std::size_t i = 0; i < 4; ++i) {
        changed[4 + i] = static_cast<char>((passes >> (8 * i)) & 0xff);
        changed[8 + i] = static_cast<char>((memoryKib >> (8 * i)) & 0xff);
    }
    const auto start = std::chrono::steady_clock::now();
    QCOMPARE(unwrapKey(changed, m_passphrase).error().code, "vault.damaged_file");
    QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(50));
}

void TestPassphrase::measuresACostWithinBounds()
{
    const auto cost = measureCost();
    QVERIFY(cost);
    QCOMPARE_GE(cost->passes, 3U);
    QCOMPARE_LE(cost->passes, 20U);
    QCOMPARE(cost->memory_kib, 64U * 1024);
}

void TestPassphrase::asksOnlyWhenThereIsSomethingToOpen()
{
    const QTemporaryDir dir;
    const std::filesystem::path home = dir.path().toStdString();
    int asked = 0;
    const AskPassphrase ask = [&]() -> Result<SecretBytes> {
        ++asked;
        return SecretBytes::copy("correct horse battery");
    };
    const auto none = readWrappedKey(home, ask);
    QVERIFY(none && !*none);
    QCOMPARE(asked, 0);

    QVERIFY(createPrivateFile(home / "master.wrapped", m_wrapped));
    const auto key = readWrappedKey(home, ask);
    QCOMPARE(asked, 1);
    QVERIFY(key && *key && (*key)->equals(m_key.view()));
    QCOMPARE(readWrappedKey(home, {}).error().code, "vault.passphrase_needed");
}

void TestPassphrase::reportsAnAskerThatHasNone()
{
    const QTemporaryDir dir;
    const auto made = makeWrappedKey(dir.path().toStdString(),
                                     [] { return Result<SecretBytes>(fail({.code = "test.cancelled"})); });
    QCOMPARE(made.error().code, "test.cancelled");
}

QTEST_APPLESS_MAIN(TestPassphrase)
#include "tst_passphrase.moc"
