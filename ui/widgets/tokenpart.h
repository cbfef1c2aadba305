// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secretbytes.h"

#include <QWidget>

namespace portolan::ui {

class TokenField;

/// A client key's token in the only moment it can be seen: what it is for, Copy, and snippets that say where
/// it goes.
class TokenPart : public QWidget
{
    Q_OBJECT

public:
    TokenPart(SharedSecret token, const QString &baseUrl, QWidget *parent = nullptr);

    [[nodiscard]] TokenField *field() const { return m_field; }

private:
    TokenField *m_field = nullptr;
};

} // namespace portolan::ui
