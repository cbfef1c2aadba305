// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace portolan {

/// A secret in locked memory that wipes itself (libsodium sodium_malloc). It converts to nothing: code that
/// puts it on the wire asks for view() and must not keep a copy. Immutable once made; share it as
/// shared_ptr<const SecretBytes>.
class SecretBytes
{
public:
    /// Takes the bytes over and wipes the caller's buffer.
    static SecretBytes take(std::span<char> bytes);
    /// Copies; for bytes whose owner wipes them itself.
    static SecretBytes copy(std::string_view bytes);

    SecretBytes(SecretBytes &&) noexcept;
    SecretBytes &operator=(SecretBytes &&) noexcept;
    SecretBytes(const SecretBytes &) = delete;
    SecretBytes &operator=(const SecretBytes &) = delete;
    ~SecretBytes();

    [[nodiscard]] std::string_view view() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    /// Constant-time comparison of the whole value.
    [[nodiscard]] bool equals(std::string_view other) const noexcept;

private:
    SecretBytes(char *data, std::size_t size);
    char *m_data = nullptr;
    std::size_t m_size = 0;
};

using SharedSecret = std::shared_ptr<const SecretBytes>;

} // namespace portolan
