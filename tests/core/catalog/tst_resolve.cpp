// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalogtext.h"

#include <QTest>

using namespace portolan::catalog;

class TestResolve : public QObject
{
    Q_OBJECT

private slots:
    void followsTheReadmesTable_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("asked");
        QTest::addColumn<std::string>("entry"); // empty: unknown
        QTest::addColumn<std::string>("how");

        const auto cases = casesFrom("resolutions.json");
        QCOMPARE(cases.size(), 36);
        for (const auto &value : cases) {
            const auto one = value.toObject();
            QTest::newRow(qPrintable(one.value(QLatin1StringView("asked")).toString()))
                << text(one, "provider") << text(one, "asked") << text(one, "entry") << text(one, "how");
        }
    }

    void followsTheReadmesTable()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, asked);
        QFETCH(std::string, entry);
        QFETCH(std::string, how);

        const auto found = Catalog::shipped()->resolve(provider, asked);
        QCOMPARE(std::string(toString(found.match)), how);
        QCOMPARE(found.model.has_value(), !entry.empty());
        if (!found.model)
            return;
        const bool at_maker = found.match == Match::MakersPrice;
        const auto id = std::string(found.model->id);
        QCOMPARE(at_maker ? std::string(found.model->provider) + '/' + id : id, entry);
        QCOMPARE(at_maker || found.model->provider == provider, true);
        QCOMPARE(isEstimate(found.match), how == "undated" || at_maker);
    }
};

QTEST_APPLESS_MAIN(TestResolve)
#include "tst_resolve.moc"
