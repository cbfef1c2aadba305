// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/keyring.h"
#include "core/vault/vault.h"

#include <QElapsedTimer>
#include <QLocalServer>
#include <QTemporaryDir>
#include <QTest>

using namespace portolan;
using namespace portolan::vault;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestSystemKeyring : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void answersAtOnceWithoutASessionBus();
    void answersAtOnceWhenTheBusIsGone();
    void waitsNoLongerThanAsked();
    void opensAVaultWithoutASessionBus();
};

void TestSystemKeyring::init()
{
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qunsetenv("XDG_RUNTIME_DIR");
}

void TestSystemKeyring::answersAtOnceWithoutASessionBus()
{
    QElapsedTimer timer;
    timer.start();
    const auto keyring = systemKeyring(3s);
    QCOMPARE(keyring->read("test").error().code, "vault.keyring_absent");
    QCOMPARE(keyring->write("test", SecretBytes::copy("canary")).error().code, "vault.keyring_absent");
    QCOMPARE_LT(timer.elapsed(), 500);
}

void TestSystemKeyring::answersAtOnceWhenTheBusIsGone()
{
    const QTemporaryDir dir;
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + dir.path().toUtf8() + "/bus");
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(systemKeyring(3s)->read("test").error().code, "vault.keyring_absent");
    QCOMPARE_LT(timer.elapsed(), 2000);
}

void TestSystemKeyring::waitsNoLongerThanAsked()
{
    const QTemporaryDir dir;
    QLocalServer silent; // takes connections and never says a word
    QVERIFY(silent.listen(dir.path() + u"/bus"_s));
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + silent.fullServerName().toUtf8());
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(systemKeyring(300ms)->read("test").error().code, "vault.keyring_slow");
    QCOMPARE_LT(timer.elapsed(), 2000);
}

void TestSystemKeyring::opensAVaultWithoutASessionBus()
{
    const QTemporaryDir dir;
    const auto vault = openVault({.directory = dir.path().toStdString() + "/data"});
    QVERIFY(vault);
    QVERIFY((*vault)->home() == KeyHome::KeyFile);
}

QTEST_GUILESS_MAIN(TestSystemKeyring)
#include "tst_systemkeyring.moc"
