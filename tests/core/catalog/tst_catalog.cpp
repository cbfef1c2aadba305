// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalogtext.h"

#include <QTest>

using namespace portolan::catalog;

class TestCatalog : public QObject
{
    Q_OBJECT

private slots:
    void shipsAllProvidersAndModels()
    {
        const auto catalog = Catalog::shipped();
        QCOMPARE(catalog->asOf(), std::string_view("2026-08-21"));
        QCOMPARE(catalog->providers().size(), std::size_t{150});
        QCOMPARE(catalog->modelCount(), std::size_t{5351});
    }
};

QTEST_APPLESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
