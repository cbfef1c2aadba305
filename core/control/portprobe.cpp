// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/portprobe.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUrl>

#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::control {

PortProbe::PortProbe(QNetworkAccessManager &network, std::uint16_t port,
                     std::vector<catalog::ProbeStep> steps, std::chrono::milliseconds patience, Done done,
                     QObject *parent)
    : QObject(parent)
    , m_network(network)
    , m_port(port)
    , m_steps(std::move(steps))
    , m_done(std::move(done))
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
}

void PortProbe::start()
{
    QMetaObject::invokeMethod(this, &PortProbe::next, Qt::QueuedConnection);
}

void PortProbe::next()
{
    for (; m_step < m_steps.size(); ++m_step) {
        const catalog::ProbeStep &step = m_steps[m_step];
        // An answer that any server may give proves nothing, so the question is not asked.
        if (step.telling == catalog::Telling::Alive)
            continue;
        const std::string path(step.probe->path);
        const auto answer = m_answers.find(path);
        if (answer == m_answers.end()) {
            ask(path);
            return;
        }
        const auto &[status, body] = answer->second;
        if (catalog::matchesProbe(*step.probe, status, {body.constData(), std::size_t(body.size())})) {
            finish(step.provider);
            return;
        }
    }
    finish(nullptr);
}

void PortProbe::ask(const std::string &path)
{
    QUrl url;
    url.setScheme(u"http"_s);
    url.setHost(u"127.0.0.1"_s);
    url.setPort(m_port);
    url.setPath(QString::fromStdString(path));
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setHeader(QNetworkRequest::UserAgentHeader, u"Portolan"_s);
    // Named by us, it is left alone by Qt: no answer is unpacked beyond what we read.
    request.setRawHeader("Accept-Encoding", "identity");

    m_body.clear();
    QNetworkReply *const reply = m_network.get(request);
    reply->setParent(this);
    reply->setReadBufferSize(kMaxBody);
    connect(reply, &QNetworkReply::readyRead, this, [this, reply] { readSome(reply); });
    connect(reply, &QNetworkReply::finished, this, [this, reply, path] { take(reply, path); });
    connect(&m_patience, &QTimer::timeout, reply, &QNetworkReply::abort);
    m_patience.start();
}

void PortProbe::readSome(QNetworkReply *reply)
{
    m_body += reply->read(kMaxBody + 1 - m_body.size());
    if (m_body.size() > kMaxBody)
        reply->abort();
}

void PortProbe::take(QNetworkReply *reply, const std::string &path)
{
    const bool in_time = m_patience.isActive();
    m_patience.stop();
    reply->deleteLater();
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool too_long = m_body.size() > kMaxBody;
    if (status == 0 || !in_time) {
        finish(nullptr);
        return;
    }
    if (!too_long)
        m_body += reply->read(kMaxBody - m_body.size());
    // An answer cut short proves nothing: it is kept as one without a status.
    const bool whole = !too_long && reply->error() != QNetworkReply::RemoteHostClosedError;
    m_answers[path]
        = {.status = whole ? status : 0, .body = whole ? std::exchange(m_body, {}) : QByteArray()};
    next();
}

void PortProbe::finish(const catalog::Provider *found)
{
    m_step = m_steps.size();
    deleteLater();
    m_done(found);
}

} // namespace portolan::control
