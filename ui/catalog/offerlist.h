// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <QWidget>

namespace portolan::ui {

/// Credentials and servers found on this computer, each a link that fills the form. Offered, not taken.
class OfferList : public QWidget
{
    Q_OBJECT

public:
    explicit OfferList(QWidget *parent = nullptr); ///< hidden until there are offers
    void setOffers(const std::vector<control::Offer> &offers);

signals:
    void chosen(const portolan::control::Offer &offer);
};

} // namespace portolan::ui
