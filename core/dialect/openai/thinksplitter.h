// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace portolan::dialect::openai {

/// Takes "<think>...</think>" at the start of a text apart, whatever pieces it comes in. Holds back at most
/// what may be a tag; a tag that never closes leaves everything behind it reasoning, nothing is lost.
class ThinkSplitter
{
public:
    struct Piece {
        std::string reasoning{};
        std::string text{};
    };
    [[nodiscard]] Piece feed(std::string_view piece);
    [[nodiscard]] Piece finish(); ///< what was held back

private:
    enum class State : unsigned char { Start, Inside, Behind, Outside };

    bool start(Piece &piece);
    bool inside(Piece &piece);
    bool behind(Piece &piece);

    State m_state = State::Start;
    std::string m_held{};
};

} // namespace portolan::dialect::openai
