// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace portolan::http {

namespace asio = boost::asio;

/// A concrete executor: any_io_executor costs an allocation and an indirection per operation
/// (dataplane-findings).
using Executor = asio::io_context::executor_type;

/// A coroutine of the data path. It runs on the I/O thread it was started on and never leaves it.
template <typename T = void>
using Task = asio::awaitable<T, Executor>;

inline constexpr asio::use_awaitable_t<Executor> useTask{};

} // namespace portolan::http
