// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/panel.h"

#include <optional>
#include <vector>

namespace portolan::ui {

/// Where the person was, in order: Alt+Left and Alt+Right walk it. Going somewhere new drops what lay ahead.
class Places
{
public:
    void visit(const Place &place); ///< the same place again is no step
    std::optional<Place> back();
    std::optional<Place> forward();

    [[nodiscard]] bool canGoBack() const { return m_at > 0; }
    [[nodiscard]] bool canGoForward() const { return m_at + 1 < m_places.size(); }

private:
    std::vector<Place> m_places;
    size_t m_at = 0; // of the present place; 0 when empty
};

} // namespace portolan::ui
