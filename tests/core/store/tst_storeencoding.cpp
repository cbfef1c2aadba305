// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/encoding.h"

#include <QTest>

#include <zstd.h>

#include <random>

using namespace portolan;
using namespace portolan::store;

class TestStoreEncoding : public QObject
{
    Q_OBJECT

private slots:
    void pairsKeepTheirOrderAndDoubles()
    {
        const trace::Pairs pairs{{"b", "1"}, {"a", ""}, {"", "2"}, {"b", "\"\\\n\x01 \xe2\x82\xac"}};
        QCOMPARE(pairsFromText(toText(pairs)), pairs);
        QCOMPARE(toText(trace::Pairs{}), "");
        QVERIFY(pairsFromText("").empty());
    }

    void usageLeavesOutWhatIsZero()
    {
        QCOMPARE(toText(Usage{}), "");
        QCOMPARE(toText(Usage{.input = 5, .output = 7}), R"({"input":5,"output":7})");
        const Usage units{.units = {{.name = "hd/1024x1792", .count_micro = 2'000'000},
                                    {.name = "a\"b", .count_micro = -1}}};
        QCOMPARE(usageFromText(toText(units)), units);
    }

    void damagedTextsReadAsNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"[", "{}", "[1]", "[[]]", "[[1,2]]", "[[\"a\"]]", "[[\"a\",\"b\",\"c\"]]", "nul", "\"x\"",
              "{\"input\":\"5\"}", "{\"units\":5}", "{\"units\":[5,[],[1,1]]}"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("too deep") << QByteArray(100'000, '[');
    }

    void damagedTextsReadAsNothing()
    {
        QFETCH(QByteArray, text);
        QVERIFY(pairsFromText(text.toStdString()).empty());
        QCOMPARE(usageFromText(text.toStdString()), Usage{});
    }

    void bodiesComeBackByteForByte()
    {
        Packer packer;
        std::mt19937 dice{1};
        for (const std::size_t size : {0U, 1U, 100U, 4'096U, 1'000'000U, 10U}) {
            std::string bytes(size, '\0');
            for (auto &byte : bytes)
                byte = char(dice() % 32);
            const auto unpacked = unpack(packer.pack(bytes));
            QVERIFY(unpacked);
            QVERIFY(*unpacked == bytes);
        }
    }

    void refusesWhatIsNotPacked_data()
    {
        QTest::addColumn<QByteArray>("packed");
        Packer packer;
        const QByteArray good
            = QByteArray::fromStdString(std::string(packer.pack(std::string(5'000, 'a') + "end")));
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("text") << QByteArray("hello, this is text");
        QTest::newRow("cut") << good.chopped(1);
        QTest::newRow("more behind it") << good + "x";
        auto flipped = good;
        flipped[flipped.size() - 6] = char(flipped[flipped.size() - 6] ^ 1);
        QTest::newRow("a bit flipped") << flipped;
        // Announces more than any body has: must not be allocated.
        QTest::newRow("a terabyte") << QByteArray(
            "\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x00\x01\x00\x00\x01\x00\x00", 16);
    }

    void refusesWhatIsNotPacked()
    {
        QFETCH(QByteArray, packed);
        const auto unpacked = unpack(packed.toStdString());
        QVERIFY(!unpacked);
        QCOMPARE(unpacked.error().code, "store.damaged_body");
    }

    void aFrameWithoutASizeIsRefused()
    {
        ZSTD_CCtx *context = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
        std::string packed(200, '\0');
        const auto size = ZSTD_compress2(context, packed.data(), packed.size(), "hello", 5);
        ZSTD_freeCCtx(context);
        QVERIFY(ZSTD_isError(size) == 0);
        packed.resize(size);
        QVERIFY(!unpack(packed));
    }
};

QTEST_APPLESS_MAIN(TestStoreEncoding)
#include "tst_storeencoding.moc"
