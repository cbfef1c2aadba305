// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace portolan::test {

namespace {

std::string takeText(BIO *bio)
{
    char *bytes = nullptr;
    const auto size = BIO_get_mem_data(bio, &bytes);
    std::string text(bytes, std::size_t(size));
    BIO_free(bio);
    return text;
}

} // namespace

Certificate makeCertificate(const std::string &alternative_names, int days)
{
    constexpr long kDay = 86'400;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), (days < 0 ? days - 1 : -1) * kDay);
    X509_gmtime_adj(X509_getm_notAfter(made), days * kDay);
    X509_set_pubkey(made, key);
    X509_NAME *name = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char *>("portolan test"), -1, -1, 0);
    X509_set_issuer_name(made, name);
    for (const auto &[id, value] : {std::pair{NID_subject_alt_name, alternative_names},
                                    std::pair{NID_basic_constraints, std::string("critical,CA:TRUE")}}) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
        X509_add_ext(made, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(made, key, EVP_sha256());
    BIO *certificate = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(certificate, made);
    BIO *private_key = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(private_key, key, nullptr, nullptr, 0, nullptr, nullptr);
    X509_free(made);
    EVP_PKEY_free(key);
    return {.certificate = takeText(certificate), .key = takeText(private_key)};
}

} // namespace portolan::test
