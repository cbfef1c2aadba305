// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/store.h"

#include "core/store/files.h"
#include "core/store/inbox.h"
#include "core/store/opening.h"
#include "core/store/reader.h"
#include "core/store/writer.h"

#include <atomic>
#include <future>
#include <thread>
#include <utility>

namespace portolan::store {

namespace {

class SqliteStore final : public Store
{
public:
    SqliteStore(StoreOptions options, DirectoryLock lock)
        : m_directory(std::move(options.directory))
        , m_lock(std::move(lock))
        , m_inbox(options)
    { }

    ~SqliteStore() override
    {
        m_inbox.stop();
        if (m_thread.joinable())
            m_thread.join();
    }

    Result<> start()
    {
        std::promise<Result<>> opened;
        auto outcome = opened.get_future();
        // A connection of Qt SQL belongs to the thread that opens it.
        m_thread = std::thread([this, &opened] {
            Writer writer(m_directory, m_inbox, m_generation);
            auto done = writer.open();
            const bool isOpen = done.has_value();
            opened.set_value(std::move(done));
            if (isOpen)
                writer.run();
        });
        return outcome.get();
    }

    bool tryAppend(trace::Record &record) override { return m_inbox.tryPush(record); }
    bool isPressed() const noexcept override { return m_inbox.isPressed(); }
    void appendShedding(trace::Record record) override { m_inbox.pushShedding(std::move(record)); }

    void noteRunning(trace::Record record) override { m_inbox.noteRunning(std::move(record)); }

    void change(std::function<Result<>(Changes &)> job, std::function<void(Result<>)> done) override
    {
        m_inbox.post({.run = std::move(job), .done = std::move(done)});
    }

    Result<> changeAndWait(std::function<Result<>(Changes &)> job) override
    {
        return postAndWait(std::move(job));
    }

    Result<std::unique_ptr<Reader>> openReader() const override
    {
        return SqlReader::open(databaseFile(m_directory), m_generation);
    }

    StoreHealth health() const override { return m_inbox.health(); }
    void setRedactor(SharedRedactor redactor) override { m_inbox.setRedactor(std::move(redactor)); }
    void setRetention(Retention retention) override { m_inbox.setRetention(retention); }
    void flush() override { (void)postAndWait({}); } // how it went stands in health()
    std::filesystem::path directory() const override { return m_directory; }

private:
    Result<> postAndWait(std::function<Result<>(Changes &)> job)
    {
        std::promise<Result<>> promise;
        auto outcome = promise.get_future();
        m_inbox.post({.run = std::move(job),
                      .done = [&promise](Result<> done) { promise.set_value(std::move(done)); }});
        return outcome.get();
    }

    const std::filesystem::path m_directory;
    const DirectoryLock m_lock; // let go when the writer has ended
    const std::shared_ptr<std::atomic<int>> m_generation = std::make_shared<std::atomic<int>>(0);
    Inbox m_inbox;
    std::thread m_thread;
};

} // namespace

Result<std::unique_ptr<Store>> Store::open(StoreOptions options)
{
    std::error_code error;
    options.directory = std::filesystem::absolute(options.directory, error);
    if (auto made = createPrivateDirectory(options.directory); !made)
        return fail(made.error());
    auto lock = DirectoryLock::take(options.directory);
    if (!lock)
        return fail(lock.error());
    auto store = std::make_unique<SqliteStore>(std::move(options), std::move(*lock));
    if (auto started = store->start(); !started)
        return fail(started.error());
    return store;
}

} // namespace portolan::store
