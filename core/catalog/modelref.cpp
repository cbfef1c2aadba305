// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/catalog.h"

namespace portolan::catalog {

ModelRef::ModelRef(std::string slug, std::string model)
    : m_slug(std::move(slug))
    , m_model(std::move(model))
{ }

Result<ModelRef> ModelRef::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const bool has_both
        = text.starts_with('@') && slash != std::string_view::npos && slash > 1 && slash + 1 < text.size();
    // Models of Cloudflare's Workers AI are called "@cf/..." and "@hf/...".
    if (!has_both || text.starts_with("@cf/") || text.starts_with("@hf/")) {
        return fail({
            .origin = Origin::Client,
            .code = "catalog.bad_model_ref",
            .message = "Write the model as @slug/model, for example @openai/gpt-4o.",
        });
    }
    return ModelRef(std::string(text.substr(1, slash - 1)), std::string(text.substr(slash + 1)));
}

} // namespace portolan::catalog
