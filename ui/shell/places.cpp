// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/places.h"

namespace portolan::ui {

namespace {

constexpr size_t kMostPlaces = 100;

} // namespace

void Places::visit(const Place &place)
{
    if (!m_places.empty() && m_places[m_at] == place)
        return;
    if (!m_places.empty())
        m_places.resize(m_at + 1);
    if (m_places.size() == kMostPlaces)
        m_places.erase(m_places.begin());
    m_places.push_back(place);
    m_at = m_places.size() - 1;
}

std::optional<Place> Places::back()
{
    if (!canGoBack())
        return {};
    return m_places[--m_at];
}

std::optional<Place> Places::forward()
{
    if (!canGoForward())
        return {};
    return m_places[++m_at];
}

} // namespace portolan::ui
