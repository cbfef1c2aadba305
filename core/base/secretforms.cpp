// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secretforms.h"

#include <sodium.h>

namespace portolan {

namespace {

constexpr std::size_t kShortest = 6;
constexpr std::size_t kShortestInBase64 = 8;
constexpr std::string_view kLowerHex = "0123456789abcdef";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// No form of a value is longer than six times the value, and there are at most eleven.
constexpr std::size_t kMostBytesPerByte = 40;

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
        || c == '_' || c == '~';
}

/// Writes the forms one behind the other into a buffer that never grows: a copy of a secret left behind by a
/// growing vector would never be wiped.
class FormWriter
{
public:
    FormWriter(std::vector<char> &bytes, std::vector<std::size_t> &ends)
        : m_bytes(bytes)
        , m_ends(ends)
    { }

    void writeAll(std::string_view value)
    {
        m_value_first = m_ends.size();
        m_bytes.insert(m_bytes.end(), value.begin(), value.end());
        end();
        jsonEscaped(value, "\"\\");
        jsonEscaped(value, "\"\\/");
        percentEncoded(value, kUpperHex);
        percentEncoded(value, kLowerHex);
        if (value.size() < kShortestInBase64)
            return;
        for (const std::size_t before : {0U, 1U, 2U}) {
            base64(value, before, kBase64);
            base64(value, before, kBase64Url);
        }
    }

private:
    void jsonEscaped(std::string_view value, std::string_view escaped)
    {
        for (const char c : value) {
            if (static_cast<unsigned char>(c) < 0x20)
                control(c);
            else if (escaped.contains(c))
                m_bytes.insert(m_bytes.end(), {'\\', c});
            else
                m_bytes.push_back(c);
        }
        end();
    }

    void control(char c)
    {
        constexpr std::string_view kControls = "\b\f\n\r\t";
        constexpr std::string_view kLetters = "bfnrt";
        if (const auto at = kControls.find(c); at != std::string_view::npos) {
            m_bytes.insert(m_bytes.end(), {'\\', kLetters[at]});
            return;
        }
        const auto byte = static_cast<unsigned char>(c);
        m_bytes.insert(m_bytes.end(), {'\\', 'u', '0', '0', kLowerHex[byte >> 4U], kLowerHex[byte & 15U]});
    }

    void percentEncoded(std::string_view value, std::string_view digits)
    {
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            if (isUnreserved(c))
                m_bytes.push_back(c);
            else
                m_bytes.insert(m_bytes.end(), {'%', digits[byte >> 4U], digits[byte & 15U]});
        }
        end();
    }

    /// The characters of base64 that depend on the value alone when `before` bytes of something else precede
    /// it.
    void base64(std::string_view value, std::size_t before, std::string_view alphabet)
    {
        const std::size_t first = (before * 8 + 5) / 6;
        const std::size_t last = (before + value.size()) * 8 / 6;
        const auto bitAt = [&](std::size_t bit) {
            const auto byte = static_cast<unsigned char>(value[bit / 8 - before]);
            return byte >> (7 - bit % 8) & 1U;
        };
        for (std::size_t character = first; character < last; ++character) {
            unsigned index = 0;
            for (std::size_t bit = character * 6; bit < character * 6 + 6; ++bit)
                index = index << 1U | bitAt(bit);
            m_bytes.push_back(alphabet[index]);
        }
        end();
    }

    [[nodiscard]] std::string_view form(std::size_t index) const
    {
        const std::size_t begin = index == 0 ? 0 : m_ends[index - 1];
        return {m_bytes.data() + begin, m_ends[index] - begin};
    }

    /// Ends the form; one that this value has already is taken back.
    void end()
    {
        m_ends.push_back(m_bytes.size());
        const std::size_t mine = m_ends.size() - 1;
        for (std::size_t i = m_value_first; i < mine; ++i) {
            if (form(i) != form(mine))
                continue;
            m_ends.pop_back();
            m_bytes.resize(m_ends.back());
            return;
        }
    }

    std::vector<char> &m_bytes;
    std::vector<std::size_t> &m_ends;
    std::size_t m_value_first = 0;
};

SecretBytes writeForms(const std::vector<SharedSecret> &known, std::vector<std::size_t> &ends)
{
    const auto isLongEnough
        = [](const SharedSecret &secret) { return secret && secret->size() >= kShortest; };
    std::size_t bytes = 0;
    for (const SharedSecret &secret : known)
        bytes += isLongEnough(secret) ? secret->size() * kMostBytesPerByte : 0;

    std::vector<char> buffer;
    buffer.reserve(bytes);
    FormWriter writer(buffer, ends);
    for (const SharedSecret &secret : known) {
        if (isLongEnough(secret))
            writer.writeAll(secret->view());
    }
    auto forms = SecretBytes::copy({buffer.data(), buffer.size()});
    buffer.resize(buffer.capacity()); // forms that were taken back lie behind the others
    sodium_memzero(buffer.data(), buffer.size());
    return forms;
}

} // namespace

SecretForms::SecretForms(const std::vector<SharedSecret> &known)
    : m_bytes(writeForms(known, m_ends))
{ }

std::string_view SecretForms::operator[](std::size_t index) const
{
    const std::size_t begin = index == 0 ? 0 : m_ends[index - 1];
    return m_bytes.view().substr(begin, m_ends[index] - begin);
}

} // namespace portolan
