// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secretbytes.h"

#include "core/base/readysodium.h"

#include <sodium.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace portolan {

void readySodium() noexcept
{
    static const bool ready = [] {
        if (sodium_init() >= 0)
            return true;
        std::fputs("portolan: libsodium cannot start: the system offers no random numbers\n", stderr);
        std::abort();
    }();
    static_cast<void>(ready);
}

SecretBytes::SecretBytes(char *data, std::size_t size)
    : m_data(data)
    , m_size(size)
{ }

SecretBytes SecretBytes::copy(std::string_view bytes)
{
    if (bytes.empty())
        return {nullptr, 0};
    readySodium();
    // sodium_malloc goes on without a lock where RLIMIT_MEMLOCK is small: the guard pages and the wipe
    // remain.
    auto *data = static_cast<char *>(sodium_malloc(bytes.size()));
    if (!data)
        throw std::bad_alloc();
    std::memcpy(data, bytes.data(), bytes.size());
    sodium_mprotect_readonly(data);
    return {data, bytes.size()};
}

SecretBytes SecretBytes::take(std::span<char> bytes)
{
    auto secret = copy({bytes.data(), bytes.size()});
    sodium_memzero(bytes.data(), bytes.size());
    return secret;
}

SecretBytes::SecretBytes(SecretBytes &&other) noexcept
    : m_data(std::exchange(other.m_data, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{ }

SecretBytes &SecretBytes::operator=(SecretBytes &&other) noexcept
{
    if (this != &other) {
        sodium_free(m_data);
        m_data = std::exchange(other.m_data, nullptr);
        m_size = std::exchange(other.m_size, 0);
    }
    return *this;
}

SecretBytes::~SecretBytes()
{
    sodium_free(m_data); // wipes
}

std::string_view SecretBytes::view() const noexcept
{
    // Never null, so that an empty secret can be handed to C functions too.
    return {m_data ? m_data : "", m_size};
}

std::size_t SecretBytes::size() const noexcept
{
    return m_size;
}

bool SecretBytes::equals(std::string_view other) const noexcept
{
    return m_size == other.size() && (m_size == 0 || sodium_memcmp(m_data, other.data(), m_size) == 0);
}

} // namespace portolan
