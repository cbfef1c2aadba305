// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/providerfields.h"

#include <algorithm>
#include <array>

namespace portolan::routing {

bool isProviderField(std::string_view name) noexcept
{
    static constexpr std::array<std::string_view, 5> kWhole{"resource_name", "deployment_id", "api_version",
                                                            "deployments", "workers_ai_account_id"};
    static constexpr std::array<std::string_view, 13> kPrefixes{
        "azure_",     "aws_",       "vertex_",    "openai_", "anthropic_", "amzn_", "huggingface_",
        "stability_", "fireworks_", "snowflake_", "oracle_", "mistral_",   "amz_"};
    return std::ranges::find(kWhole, name) != kWhole.end()
        || std::ranges::any_of(kPrefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool isNodeKey(std::string_view name) noexcept
{
    static constexpr std::array<std::string_view, 27> kKeys{"strategy",
                                                            "targets",
                                                            "name",
                                                            "id",
                                                            "provider",
                                                            "api_key",
                                                            "virtual_key",
                                                            "prompt_id",
                                                            "passthrough",
                                                            "weight",
                                                            "override_params",
                                                            "default_params",
                                                            "drop_params",
                                                            "retry",
                                                            "cache",
                                                            "request_timeout",
                                                            "custom_host",
                                                            "forward_headers",
                                                            "strict_open_ai_compliance",
                                                            "input_guardrails",
                                                            "output_guardrails",
                                                            "before_request_hooks",
                                                            "after_request_hooks",
                                                            "on_status_codes",
                                                            "fetch_integrated_models",
                                                            "cb_config",
                                                            "portolan"};
    return std::ranges::find(kKeys, name) != kKeys.end();
}

} // namespace portolan::routing
