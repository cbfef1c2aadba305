// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace portolan::dialect::vectors {

/// One case of tests/data/vectors (its README says the format).
struct VectorCase {
    std::string id{};
    std::string kind{};
    boost::json::object json{};
    std::string folder{};
};

/// All cases of the manifest, in its order.
std::vector<VectorCase> allCases();

/// A file of the case; hex text is decoded when its name ends in .hex.
std::string bytesOf(const VectorCase &vector, std::string_view file);

/// The codecs that the case is about; null when the case is about none.
const ClientCodec *clientOf(const VectorCase &vector);
const ProviderCodec *providerOf(const VectorCase &vector);

/// What the gateway would know from its configuration.
Exchange exchangeOf(const VectorCase &vector);

/// Input of the kinds response and error.
WireReply replyOf(const VectorCase &vector);

} // namespace portolan::dialect::vectors
