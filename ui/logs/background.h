// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace portolan::ui {

/// Runs `work` on a worker thread and hands its value to `then` on the thread of `context`. When the context
/// is gone by then, the value is dropped. `work` must own all it touches.
template <typename Work, typename Then>
void inBackground(QObject *context, Work work, Then then)
{
    using Value = decltype(work());
    auto promise = std::make_shared<QPromise<Value>>();
    promise->start();
    promise->future().then(context, std::move(then));
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->addResult(work());
        promise->finish();
    });
}

} // namespace portolan::ui
