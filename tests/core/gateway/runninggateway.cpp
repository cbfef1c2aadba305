// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/runninggateway.h"

#include <QUrl>

#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::test {

using control::Control;

SharedSecret secret(std::string_view text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
}

RunningGateway::RunningGateway(quint16 upstream_port, const std::function<void(control::Settings &)> &adjust,
                               const std::function<void(control::Control &)> &prepare)
    : RunningGateway(upstream_port, Account{}, adjust, prepare)
{ }

RunningGateway::RunningGateway(quint16 upstream_port, const Account &account,
                               const std::function<void(control::Settings &)> &adjust,
                               const std::function<void(control::Control &)> &prepare)
{
    m_listen = account.listen;
    m_control = open();
    if (prepare)
        prepare(*m_control);
    auto settings = m_control->settings();
    if (adjust)
        adjust(settings);
    Awaited<void> changed;
    m_control->changeSettings(settings, changed.take());
    m_ready = changed.wait();
    Awaited<AccountId> added;
    m_control->addAccount({.provider = account.provider,
                           .slug = u"mock"_s,
                           .name = {},
                           .baseUrl = u"http://127.0.0.1:%1%2"_s.arg(upstream_port).arg(account.path),
                           .credential = account.credential,
                           .settings = account.settings},
                          added.take());
    m_ready = m_ready && added.wait() && *added;
    if (m_ready)
        m_account = **added;
    m_ready = start() && m_ready;
    const auto token = m_control->takeFirstToken();
    m_token = QByteArray(token->view().data(), qsizetype(token->size()));
}

std::unique_ptr<Control> RunningGateway::open() const
{
    control::ControlOptions options;
    options.dataDirectory = m_directory.path();
    options.listen = m_listen;
    options.useKeyring = false;
    return *Control::open(std::move(options));
}

bool RunningGateway::start()
{
    m_control->startGateway();
    return QTest::qWaitFor(
        [this] { return m_control->gateway().state == control::GatewayStatus::State::Running; });
}

bool RunningGateway::restart()
{
    m_control.reset();
    m_control = open();
    return start();
}

quint16 RunningGateway::port() const
{
    return quint16(QUrl(m_control->gateway().baseUrl).port());
}

PlainReply RunningGateway::post(const QByteArray &path, const QByteArray &body)
{
    return client().send(
        "POST", path, {{"Authorization", "Bearer " + m_token}, {"Content-Type", "application/json"}}, body);
}

std::vector<trace::RequestRow> RunningGateway::rows()
{
    Awaited<std::vector<trace::RequestRow>> page;
    m_control->history({}, page.take());
    return page.wait() && *page ? **page : std::vector<trace::RequestRow>{};
}

std::optional<trace::Record> RunningGateway::newest()
{
    std::vector<trace::RequestRow> page;
    if (!QTest::qWaitFor([&] { return !(page = rows()).empty(); }, 10'000))
        return std::nullopt;
    Awaited<std::optional<control::Detail>> detail;
    m_control->detail(page.front().id, detail.take());
    if (!detail.wait() || !*detail || !**detail)
        return std::nullopt;
    return (**detail)->record;
}

std::optional<trace::Record> RunningGateway::recordOf(const PlainReply &reply)
{
    const RequestId id{reply.header("x-portolan-request-id").toLongLong()};
    std::optional<trace::Record> record;
    const bool found = QTest::qWaitFor(
        [&] {
            Awaited<std::optional<control::Detail>> detail;
            m_control->detail(id, detail.take());
            if (!detail.wait() || !*detail || !**detail)
                return false;
            record = (**detail)->record;
            return record->total_us > 0;
        },
        10'000);
    return found ? record : std::nullopt;
}

} // namespace portolan::test
