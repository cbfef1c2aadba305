// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/discovery.h"

#include "core/catalog/environment.h"
#include "core/control/portprobe.h"

#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QUrl>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::control {

namespace {

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::vector<catalog::SetVariable> setVariables()
{
    std::vector<catalog::SetVariable> variables;
    for (char **entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.push_back({.name = text.substr(0, equals), .has_value = equals + 1 < text.size()});
    }
    return variables;
}

std::string_view valueOf(std::string_view variable)
{
    const char *const value = std::getenv(std::string(variable).c_str());
    return value ? std::string_view(value) : std::string_view();
}

std::unexpected<Error> unusable(std::string_view variable, std::string_view what)
{
    return fail({
        .origin = Origin::Config,
        .code = "discovery.unusable_variable",
        .message
        = fmt::format("The environment variable {} holds no {}: add the account by hand.", variable, what),
        .where = std::string(variable),
    });
}

/// A value that may stand inside a host or path (threat-model E5).
bool isPart(std::string_view value)
{
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("._:@-").contains(c);
    };
    return !value.empty() && value.size() <= 128 && std::ranges::all_of(value, plain);
}

/// "http://host:port/path" from what people put into such a variable: "host:port", "0.0.0.0", a whole URL.
Result<QString> readEndpoint(std::string_view variable, const catalog::Provider &provider)
{
    const std::string_view value = valueOf(variable);
    const QUrl usual(toQString(provider.base_url));
    const QString text = toQString(value.substr(0, 2048));
    QUrl url(text.contains("://"_L1) ? text : u"http://"_s + text, QUrl::StrictMode);
    const bool is_http = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!url.isValid() || !is_http || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery()
        || url.hasFragment())
        return unusable(variable, "address");
    if (url.host() == "0.0.0.0"_L1 || url.host() == "::"_L1)
        url.setHost(u"127.0.0.1"_s); // where a server listens, not where it is reached
    if (url.port() < 0 && !text.contains("://"_L1))
        url.setPort(usual.port());
    if (url.path().isEmpty() || url.path() == "/"_L1)
        url.setPath(usual.path());
    return url.toString();
}

/// Empty: the provider's own address.
Result<QString> addressFor(const catalog::EnvironmentOffer &offer)
{
    if (!offer.endpoint.empty())
        return readEndpoint(offer.endpoint, *offer.provider);
    if (offer.parts.empty())
        return QString();
    QString address = toQString(offer.provider->base_url);
    for (const auto &[name, variable] : offer.parts) {
        if (!isPart(valueOf(variable)))
            return unusable(variable, "part of an address");
        address.replace(u"{%1}"_s.arg(toQString(name)), toQString(valueOf(variable)));
    }
    return address;
}

/// What can be called with one key and one address. The rest is added by hand.
bool canBeOffered(const catalog::EnvironmentOffer &offer)
{
    if (!offer.isComplete() || offer.role != catalog::EnvRole::Key || !offer.secret.empty())
        return false;
    const auto address = addressFor(offer);
    return address && !address->contains(u'{');
}

QString sourceOf(const catalog::EnvironmentOffer &offer)
{
    return toQString(offer.credential.empty() ? offer.endpoint : offer.credential);
}

Offer toOffer(Offer::Kind kind, const catalog::Provider &provider, QString source)
{
    return {
        .kind = kind,
        .provider = toQString(provider.id),
        .providerName = toQString(provider.name),
        .source = std::move(source),
        .proposedSlug = toQString(provider.id),
    };
}

QString addressAt(const catalog::Provider &provider, std::uint16_t port)
{
    QUrl url(toQString(provider.base_url));
    url.setPort(port);
    return url.toString();
}

Result<NewAccount> draftFromEnvironment(const Offer &offer, const catalog::Catalog &catalog, NewAccount draft)
{
    const auto variables = setVariables();
    const auto offers = catalog::environmentOffers(catalog, variables);
    const auto found = std::ranges::find_if(offers, [&](const catalog::EnvironmentOffer &candidate) {
        return toQString(candidate.provider->id) == offer.provider && sourceOf(candidate) == offer.source;
    });
    if (found == offers.end()) {
        return fail({
            .origin = Origin::Client,
            .code = "discovery.gone",
            .message = "This offer is no longer there: search again.",
            .retryable = true,
        });
    }
    auto address = addressFor(*found);
    if (!address)
        return fail(std::move(address.error()));
    draft.baseUrl = std::move(*address);
    if (!found->credential.empty())
        draft.credential = std::make_shared<const SecretBytes>(SecretBytes::copy(valueOf(found->credential)));
    return draft;
}

} // namespace

struct Discovery::Search {
    Reply<std::vector<Offer>> reply{};
    std::vector<Offer> environment{};
    std::map<std::uint16_t, Offer> servers{}; ///< by port
    std::size_t open = 0;                     ///< ports not settled yet

    void settle()
    {
        if (--open > 0)
            return;
        std::vector<Offer> offers = std::move(environment);
        for (auto &[port, offer] : servers)
            offers.push_back(std::move(offer));
        reply(std::move(offers));
    }
};

Discovery::Discovery(std::shared_ptr<const catalog::Catalog> catalog, DiscoveryOptions options,
                     QObject *parent)
    : QObject(parent)
    , m_catalog(std::move(catalog))
    , m_options(std::move(options))
    , m_network(std::make_unique<QNetworkAccessManager>())
{
    m_network->setProxy(QNetworkProxy::NoProxy);
}

Discovery::~Discovery()
{
    qDeleteAll(findChildren<PortProbe *>(Qt::FindDirectChildrenOnly));
}

void Discovery::find(Reply<std::vector<Offer>> reply)
{
    std::map<std::uint16_t, std::vector<catalog::ProbeStep>> ports;
    for (const catalog::ProbeStep &step : catalog::localProbes(*m_catalog)) {
        const std::uint16_t port = m_options.port ? m_options.port(step.port) : step.port;
        if (port != 0)
            ports[port].push_back(step);
    }

    auto search = std::make_shared<Search>();
    search->reply = std::move(reply);
    search->environment = offersFromEnvironment(*m_catalog);
    search->open = ports.size() + 1;
    for (auto &[number, steps] : ports) {
        const auto done = [search, port = number](const catalog::Provider *found) {
            if (found)
                search->servers.emplace(port,
                                        toOffer(Offer::Kind::LocalServer, *found, addressAt(*found, port)));
            search->settle();
        };
        (new PortProbe(*m_network, number, std::move(steps), m_options.probe, done, this))->start();
    }
    // Without any port the reply still comes after this call.
    QMetaObject::invokeMethod(this, [search] { search->settle(); }, Qt::QueuedConnection);
}

std::vector<Offer> offersFromEnvironment(const catalog::Catalog &catalog)
{
    const auto variables = setVariables();
    std::vector<Offer> offers;
    for (const catalog::EnvironmentOffer &offer : catalog::environmentOffers(catalog, variables)) {
        if (canBeOffered(offer))
            offers.push_back(toOffer(Offer::Kind::Environment, *offer.provider, sourceOf(offer)));
    }
    return offers;
}

Result<NewAccount> draftFor(const Offer &offer, const catalog::Catalog &catalog)
{
    NewAccount draft{.provider = offer.provider, .slug = offer.proposedSlug, .name = offer.providerName};
    if (offer.kind == Offer::Kind::Environment)
        return draftFromEnvironment(offer, catalog, std::move(draft));
    draft.baseUrl = offer.source;
    return draft;
}

} // namespace portolan::control
