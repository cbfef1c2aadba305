// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/serviceaccountfile.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <QJsonDocument>
#include <QString>

#include <memory>

using namespace Qt::StringLiterals;

namespace portolan::test {

EVP_PKEY *serviceAccountKey()
{
    static const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> kKey(EVP_RSA_gen(2048), &EVP_PKEY_free);
    return kKey.get();
}

QJsonObject serviceAccountFile()
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PKCS8PrivateKey(memory.get(), serviceAccountKey(), nullptr, nullptr, 0, nullptr, nullptr);
    char *pem = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &pem);
    return {{u"type"_s, u"service_account"_s},
            {u"project_id"_s, u"my-project-123"_s},
            {u"private_key_id"_s, u"0123456789abcdef0123"_s},
            {u"private_key"_s, QString::fromLatin1(pem, qsizetype(size))},
            {u"client_email"_s, u"caller@my-project-123.iam.gserviceaccount.com"_s},
            {u"token_uri"_s, u"https://oauth2.googleapis.com/token"_s},
            {u"universe_domain"_s, u"googleapis.com"_s}};
}

std::string toJsonText(const QJsonObject &object)
{
    return QJsonDocument(object).toJson().toStdString();
}

} // namespace portolan::test
