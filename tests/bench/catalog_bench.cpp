// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the search in Catalog costs: catalog_bench. Every model of the built-in list, one account for each
// provider, in the table as the window has it; what is measured is a keystroke until its rows are known, the
// dearest of each word that is typed letter by letter. A frame has 16,700 us.

#include "core/catalog/catalog.h"
#include "tests/bench/timing.h"
#include "ui/catalog/modeltablemodel.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace portolan;

namespace {

std::vector<control::ModelInfo> everyModel()
{
    const auto catalog = catalog::Catalog::shipped();
    std::vector<control::ModelInfo> models;
    for (const auto &provider : catalog->providers()) {
        for (const auto &model : catalog->models(provider.id)) {
            control::ModelInfo info;
            info.slug = QString::fromUtf8(provider.id.data(), qsizetype(provider.id.size()));
            info.id = QString::fromUtf8(model.id.data(), qsizetype(model.id.size()));
            info.name = QString::fromUtf8(model.name.data(), qsizetype(model.name.size()));
            info.in = model.in;
            info.out = model.out;
            models.push_back(std::move(info));
        }
    }
    return models;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const auto models = everyModel();
    ui::ModelTableModel table;
    const auto fill_ns = bench::medianNs(1, [&] { table.setModels(models); });
    ui::ModelFilter filter(&table);
    filter.sort(ui::ModelTableModel::In);
    std::printf("%d models; filling the table %lld us\n", table.rowCount(), (long long)(fill_ns / 1000));
    for (const char *typed : {"claude sonnet", "gpt-4o", "zzzz", "a"}) {
        const QString text = QString::fromLatin1(typed);
        std::int64_t dearest_ns = 0;
        for (qsizetype length = 1; length <= text.size(); ++length) {
            const auto ns = bench::medianNs(1, [&] {
                filter.setSearch(text.first(length - 1));
                filter.setSearch(text.first(length));
            });
            dearest_ns = std::max(dearest_ns, ns);
        }
        filter.setSearch(text);
        std::printf("\"%s\": %d found, a keystroke %lld us and one back\n", typed, filter.rowCount(),
                    (long long)(dearest_ns / 1000));
    }
}
