// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/tariffcache.h"
#include "core/dialect/usagereader.h"

#include <QFile>
#include <QList>
#include <QTest>

#include <map>
#include <string>

using namespace portolan;
using namespace Qt::StringLiterals;

/// Answers of providers, read as the gateway reads them, cost what an independent computation says
/// (tests/data/catalog/reports.py, which follows the catalog's README and knows nothing of this code).
class TestReports : public QObject
{
    Q_OBJECT

private slots:
    void costWhatTheDecimalScriptSays()
    {
        QFile file(QStringLiteral(PORTOLAN_TEST_DATA "/catalog/reports.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto catalog = catalog::Catalog::shipped();
        dialect::ReplyReader reader;
        catalog::TariffCache tariffs;
        std::map<std::string, int> compared;
        for (int line = 1; !file.atEnd(); ++line) {
            const auto parts = file.readLine().trimmed().split('\t');
            QCOMPARE(parts.size(), qsizetype(8));
            const auto at = [&](int part) { return parts[part].toStdString(); };
            const auto what = "line " + QByteArray::number(line) + ": " + parts[1] + ' ' + parts[2];

            const auto *provider = catalog->provider(at(1));
            QVERIFY2(provider, what.constData());
            QCOMPARE(std::string(provider->usage_style), at(0));
            const auto facts = reader.body(at(7), dialect::usageStyle(provider->usage_style));
            QVERIFY2(facts.usage && !facts.suspect, what.constData());

            const std::string service = at(3);
            const std::string region = at(4);
            const std::string day = at(5);
            const auto &tariff = tariffs.find(catalog, at(1), at(2), {});
            const auto cost = tariff.price(*facts.usage, {.service = service, .region = region, .day = day});
            QVERIFY2(cost, what.constData());
            QVERIFY2(cost->total.value == parts[6].toLongLong(),
                     what + ": " + QByteArray::number(qlonglong(cost->total.value)) + " instead of "
                         + parts[6]);
            ++compared[at(0)];
        }
        QCOMPARE(compared,
                 (std::map<std::string, int>{{"anthropic", 200},
                                             {"bedrock-converse", 200},
                                             {"cohere", 200},
                                             {"gemini", 200},
                                             {"openai", 200}}));
    }
};

QTEST_GUILESS_MAIN(TestReports)
#include "tst_reports.moc"
