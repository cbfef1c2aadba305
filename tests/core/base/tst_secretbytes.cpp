// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secretbytes.h"

#include <QTest>

#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace portolan;

class TestSecretBytes : public QObject
{
    Q_OBJECT

private slots:
    void takeWipesTheSource()
    {
        std::string source = "sk-a-secret";
        const auto secret = SecretBytes::take(source);
        QVERIFY(secret.view() == "sk-a-secret");
        QVERIFY(std::ranges::all_of(source, [](char c) { return c == '\0'; }));
    }

    void movesLeaveNothingBehind()
    {
        auto first = SecretBytes::copy("one");
        auto second = std::move(first);
        QVERIFY(second.view() == "one");
        QCOMPARE(first.size(), std::size_t{0}); // NOLINT(bugprone-use-after-move): what is left is the point
        second = SecretBytes::copy("two");
        QVERIFY(second.view() == "two");
        static_assert(!std::is_copy_constructible_v<SecretBytes>);
        static_assert(!std::is_convertible_v<SecretBytes, std::string>);
    }

    void comparesTheWholeValue()
    {
        const auto secret = SecretBytes::copy("secret");
        QVERIFY(secret.equals("secret"));
        QVERIFY(!secret.equals("secreT"));
        QVERIFY(!secret.equals("secret2"));
        QVERIFY(!secret.equals(""));
        QVERIFY(SecretBytes::copy("").equals(""));
    }

    void keepsBytesOfEveryValue()
    {
        const std::string bytes("a\0b\xff", 4);
        QVERIFY(SecretBytes::copy(bytes).view() == bytes);
    }

    void worksWhenNothingCanBeLocked()
    {
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_MEMLOCK, &before), 0);
        const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_MEMLOCK, &none), 0);
        std::vector<SecretBytes> secrets;
        for (int i = 0; i < 50; ++i)
            secrets.push_back(SecretBytes::copy("secret " + std::to_string(i)));
        QCOMPARE(setrlimit(RLIMIT_MEMLOCK, &before), 0);
        QVERIFY(secrets.front().view() == "secret 0");
        QVERIFY(secrets.back().view() == "secret 49");
    }
};

QTEST_APPLESS_MAIN(TestSecretBytes)
#include "tst_secretbytes.moc"
