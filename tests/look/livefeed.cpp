// SPDX-License-Identifier: GPL-3.0-or-later
// R33 at full length: the real window with its Logs open, fed as by a gateway that takes RATE requests a
// second, for SECONDS. Prints memory and how long the event loop stood still at most; tests/look/livefeed.sh
// runs it.
#include "tests/ui/logs/liveload.h"
#include "tests/ui/world.h"
#include "ui/logs/requestview.h"
#include "ui/shell/mainwindow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace portolan;

namespace {

constexpr int kBatchesPerSecond = 10;
constexpr int kSayEvery = 300; // batches

double residentMiB()
{
    QFile statm(u"/proc/self/statm"_s);
    if (!statm.open(QIODevice::ReadOnly))
        return 0;
    return double(statm.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE))
        / (1024.0 * 1024.0);
}

/// How long the event loop let a timer of one millisecond wait, each time it did.
class Gaps
{
public:
    Gaps()
    {
        QObject::connect(&m_heart, &QTimer::timeout, &m_heart, [this] {
            m_gaps.push_back(float(double(m_since.nsecsElapsed()) / 1e6));
            m_since.restart();
        });
        m_heart.setTimerType(Qt::PreciseTimer);
        m_heart.start(1);
        m_since.start();
    }

    void clear() { m_gaps.clear(); }

    [[nodiscard]] double at(double share)
    {
        if (m_gaps.empty())
            return 0;
        const auto place = m_gaps.begin() + std::ptrdiff_t(share * double(m_gaps.size() - 1));
        std::ranges::nth_element(m_gaps, place);
        return double(*place);
    }

private:
    QTimer m_heart;
    QElapsedTimer m_since;
    std::vector<float> m_gaps;
};

/// What a person does meanwhile: now follows, now reads a row further up, now scrolls.
void use(ui::RequestView &view, int batch)
{
    const int rows = view.model()->rowCount();
    if (batch % 100 == 25 && rows > 100) {
        view.setCurrentIndex(view.model()->index(rows - 60, 1));
        view.scrollTo(view.currentIndex(), QAbstractItemView::PositionAtCenter);
        view.stopFollowing();
    } else if (batch % 100 > 25 && batch % 100 < 50) {
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() - 120);
    } else if (batch % 100 == 50) {
        view.jumpToEnd();
    }
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({u"seconds"_s, u"How long."_s, u"SECONDS"_s, u"600"_s});
    parser.addOption({u"rate"_s, u"Requests a second."_s, u"RATE"_s, u"2000"_s});
    parser.process(application);
    const int batches = parser.value(u"seconds"_s).toInt() * kBatchesPerSecond;
    const int perBatch = parser.value(u"rate"_s).toInt() / kBatchesPerSecond;

    ui::World world;
    if (!world.open())
        return 1;
    world.settle();
    ui::MainWindow window(world.control(), world.theme());
    window.begin();
    window.goTo({.panel = u"logs"_s});
    auto *view = window.findChild<ui::RequestView *>(u"requests"_s);

    test::LiveLoad load(perBatch);
    Gaps gaps;
    double first = 0;
    double most = 0;
    int batch = 0;
    QTimer feed;
    feed.setTimerType(Qt::PreciseTimer);
    QObject::connect(&feed, &QTimer::timeout, &window, [&] {
        emit world.control().live(load.next());
        use(*view, ++batch);
        const double now = residentMiB();
        most = std::max(most, now);
        if (batch == 10'000 / std::max(perBatch, 1) + kBatchesPerSecond) {
            first = now; // the list is full from here on, and the start is over
            gaps.clear();
        }
        if (batch % kSayEvery == 0)
            std::printf("%5d s  %d rows  %.0f MiB  gap p99 %.1f ms, longest %.1f ms\n",
                        batch / kBatchesPerSecond, view->model()->rowCount(), now, gaps.at(0.99), gaps.at(1)),
                std::fflush(stdout);
        if (batch >= batches)
            QApplication::exit();
    });
    feed.start(1000 / kBatchesPerSecond);
    QApplication::exec();

    const bool good
        = view->model()->rowCount() <= 10'000 && most - first < 150 && gaps.at(1) < 100 && gaps.at(0.99) < 33;
    std::printf(
        "%s: %d rows shown of %lld, %.0f MiB at most, %.0f more than when the list was full; the event "
        "loop stood still %.1f ms (p99), %.1f ms at most\n",
        good ? "holds R33" : "MISSES R33", view->model()->rowCount(), static_cast<long long>(load.lastId()),
        most, most - first, gaps.at(0.99), gaps.at(1));
    return good ? 0 : 1;
}
