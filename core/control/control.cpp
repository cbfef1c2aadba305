// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/control.h"

#include <utility>

namespace portolan::control {

Control::Control() = default;
Control::~Control() = default;

Acting::Acting(Control &control, Actor actor)
    : m_control(control)
    , m_before(std::exchange(control.m_actor, std::move(actor)))
{ }

Acting::~Acting()
{
    m_control.m_actor = m_before;
}

} // namespace portolan::control
