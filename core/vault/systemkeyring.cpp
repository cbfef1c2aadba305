// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/keyring.h"

#include "core/vault/sessionbus.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>
#include <QTimer>

#include <fmt/format.h>
#include <qt6keychain/keychain.h>
#include <sodium.h>

#include <functional>
#include <future>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::vault {

namespace {

std::unexpected<Error> failKeyring(std::string code, std::string message)
{
    return fail({.origin = Origin::Config,
                 .code = std::move(code),
                 .message = std::move(message),
                 .retryable = true});
}

std::unexpected<Error> absent()
{
    return failKeyring("vault.keyring_absent", "There is no keyring service in this session.");
}

std::unexpected<Error> slow(std::chrono::milliseconds wait)
{
    return failKeyring("vault.keyring_slow",
                       fmt::format("The keyring did not answer within {} s: unlock it and try again.",
                                   std::chrono::duration<double>(wait).count()));
}

Result<> needService(std::chrono::milliseconds wait)
{
    const SessionBus bus = QCoreApplication::instance() ? findSessionBus(wait) : SessionBus::Absent;
    if (bus == SessionBus::Silent)
        return slow(wait);
    return bus == SessionBus::Ready && hasKeyringService() ? Result<>() : absent();
}

struct Answer {
    QKeychain::Error error = QKeychain::OtherError;
    std::optional<SecretBytes> secret{};
};

Answer answerOf(QKeychain::Job *job)
{
    Answer answer{.error = job->error()};
    const auto *reading = qobject_cast<QKeychain::ReadPasswordJob *>(job);
    if (reading && answer.error == QKeychain::NoError) {
        const QByteArray bytes = reading->binaryData();
        // Wipes the buffer that the job shares with `bytes`; data() would detach and wipe a copy.
        answer.secret = SecretBytes::take(
            {const_cast<char *>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
    }
    return answer;
}

using MakeJob = std::function<QKeychain::Job *()>;

/// Nothing when the time is over. The job then goes on and deletes itself when it ends: its backend keeps a
/// pointer to it. Jobs run on the application's thread, where QtKeychain's queue lives.
std::optional<Answer> run(const MakeJob &make, std::chrono::milliseconds wait)
{
    QCoreApplication *const app = QCoreApplication::instance();
    auto done = std::make_shared<std::promise<Answer>>();
    auto answer = done->get_future();
    const auto begin = [app, done, make] {
        QKeychain::Job *const job = make();
        job->setAutoDelete(true);
        job->setInsecureFallback(false);
        QObject::connect(job, &QKeychain::Job::finished, app,
                         [done](QKeychain::Job *ended) { done->set_value(answerOf(ended)); });
        job->start();
        return job;
    };

    if (QThread::currentThread() == app->thread()) {
        // The one nested loop of the program: before the window is there, the start waits for the keyring.
        QEventLoop loop;
        QTimer::singleShot(wait, &loop, &QEventLoop::quit);
        QObject::connect(begin(), &QKeychain::Job::finished, &loop, &QEventLoop::quit);
        loop.exec(QEventLoop::ExcludeUserInputEvents);
    } else {
        QMetaObject::invokeMethod(app, [begin] { begin(); }, Qt::QueuedConnection);
    }
    const auto rest = QThread::currentThread() == app->thread() ? std::chrono::milliseconds(0) : wait;
    if (answer.wait_for(rest) != std::future_status::ready)
        return std::nullopt;
    return answer.get();
}

std::unexpected<Error> failFor(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return failKeyring("vault.keyring_denied", "The keyring refused access: unlock it and try again.");
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented: return absent();
    default: break;
    }
    return failKeyring("vault.keyring_failed",
                       "The keyring reported an error: see that it is unlocked and try again.");
}

class SystemKeyring final : public Keyring
{
public:
    explicit SystemKeyring(std::chrono::milliseconds wait)
        : m_wait(wait)
    { }

    Result<std::optional<SecretBytes>> read(const std::string &entry) override
    {
        auto answer = ask([key = QString::fromStdString(entry)] {
            auto *job = new QKeychain::ReadPasswordJob(u"portolan"_s);
            job->setKey(key);
            return job;
        });
        if (!answer)
            return fail(std::move(answer.error()));
        if (answer->error == QKeychain::EntryNotFound)
            return std::nullopt;
        if (answer->error != QKeychain::NoError)
            return failFor(answer->error);
        return std::move(answer->secret);
    }

    Result<> write(const std::string &entry, const SecretBytes &secret) override
    {
        QByteArray bytes(secret.view().data(), static_cast<qsizetype>(secret.size()));
        auto answer = ask([key = QString::fromStdString(entry), bytes] {
            auto *job = new QKeychain::WritePasswordJob(u"portolan"_s);
            job->setKey(key);
            job->setBinaryData(bytes);
            return job;
        });
        if (!answer)
            return fail(std::move(answer.error()));
        sodium_memzero(const_cast<char *>(bytes.constData()), static_cast<std::size_t>(bytes.size()));
        return answer->error == QKeychain::NoError ? Result<>() : failFor(answer->error);
    }

private:
    Result<Answer> ask(const MakeJob &make) const
    {
        if (auto found = needService(m_wait); !found)
            return fail(std::move(found.error()));
        if (auto answer = run(make, m_wait))
            return std::move(*answer);
        return slow(m_wait);
    }

    std::chrono::milliseconds m_wait;
};

} // namespace

std::unique_ptr<Keyring> systemKeyring(std::chrono::milliseconds wait)
{
    return std::make_unique<SystemKeyring>(wait);
}

} // namespace portolan::vault
