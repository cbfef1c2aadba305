// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace portolan::ui {

/// Runs `work` on a worker thread and hands its value to `then` on the UI thread. When the context is gone by
/// then, the value is dropped. `work` must own all it touches. Called on the UI thread; the application waits
/// for its workers before it ends, so that none outlives it.
template <typename Work, typename Then>
void inBackground(QObject *context, Work work, Then then)
{
    // Only the UI thread looks at the context: the application receives the answer and asks whether it is
    // still there.
    QThreadPool::globalInstance()->start([app = QCoreApplication::instance(),
                                          context = QPointer<QObject>(context), work = std::move(work),
                                          then = std::move(then)] {
        QMetaObject::invokeMethod(
            app,
            [context, then, value = work()] {
                if (context)
                    then(value);
            },
            Qt::QueuedConnection);
    });
}

} // namespace portolan::ui
