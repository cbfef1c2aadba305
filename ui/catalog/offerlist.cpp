// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/offerlist.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"

#include <QVBoxLayout>

#include <algorithm>

namespace portolan::ui {

namespace {

constexpr std::size_t kMost = 4; // more would push the form off the dialog

} // namespace

OfferList::OfferList(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kTight));
    auto *head = new PlainLabel(tr("Found on this computer; nothing is taken unless you choose it:"), this);
    head->setSize(TextSize::Data);
    head->setRole(Role::TextMuted);
    column->addWidget(head);
    hide();
}

void OfferList::setOffers(const std::vector<control::Offer> &offers)
{
    auto *column = static_cast<QVBoxLayout *>(layout());
    for (std::size_t i = 0; i < std::min(offers.size(), kMost); ++i) {
        const control::Offer &offer = offers[i];
        const bool environment = offer.kind == control::Offer::Kind::Environment;
        auto *link = new LinkButton(
            (environment ? tr("%1 from %2") : tr("%1 at %2")).arg(offer.providerName, offer.source), this);
        column->addWidget(link, 0, Qt::AlignLeft);
        connect(link, &LinkButton::clicked, this, [this, offer] { emit chosen(offer); });
    }
    setVisible(!offers.empty());
}

} // namespace portolan::ui
