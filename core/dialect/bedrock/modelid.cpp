// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/modelid.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace portolan::dialect::bedrock {
namespace {

constexpr std::array<std::string_view, 8> kProfiles{"us", "us-gov", "eu", "apac", "jp", "au", "ca", "global"};

bool isRegion(std::string_view text)
{
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

/// The part of an ARN behind `colons` colons.
std::string_view arnTail(std::string_view arn, int colons)
{
    while (colons-- > 0 && !arn.empty())
        arn.remove_prefix(std::min(arn.find(':'), arn.size() - 1) + 1);
    return arn;
}

bool isArn(std::string_view model)
{
    return model.starts_with("arn:");
}

} // namespace

Result<std::string> modelPath(std::string_view model, std::string_view action)
{
    // A dot segment survives percent-encoding and would be another path.
    if (model.empty() || model == "." || model == "..")
        return fail({.origin = Origin::Config,
                     .code = "bedrock.bad_model",
                     .message = "Name a Bedrock model id, an inference profile or an ARN.",
                     .where = "/model"});
    return "/model/" + percentEncoded(model) + '/' + std::string(action);
}

std::string_view regionOf(std::string_view model) noexcept
{
    if (!isArn(model))
        return {};
    const std::string_view tail = arnTail(model, 3);
    const std::string_view region = tail.substr(0, tail.find(':'));
    return isRegion(region) ? region : std::string_view();
}

std::string_view plainModel(std::string_view model) noexcept
{
    if (isArn(model)) {
        const std::string_view resource = arnTail(model, 5);
        const std::size_t slash = resource.find('/');
        if (slash == std::string_view::npos)
            return {};
        const std::string_view kind = resource.substr(0, slash);
        if (kind != "foundation-model" && kind != "inference-profile")
            return {};
        model = resource.substr(slash + 1);
    }
    const std::string_view first = model.substr(0, model.find('.'));
    if (first.size() < model.size() && std::ranges::find(kProfiles, first) != kProfiles.end())
        model.remove_prefix(first.size() + 1);
    return model;
}

std::string_view vendorOf(std::string_view model) noexcept
{
    const std::string_view plain = plainModel(model);
    const std::size_t dot = plain.find('.');
    return dot == std::string_view::npos ? std::string_view() : plain.substr(0, dot);
}

} // namespace portolan::dialect::bedrock
