/** For tests alone: a certificate that nobody trusts, for localhost and 127.0.0.2, good until 2126. */
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBpzCCAU2gAwIBAgIUIiMjFUTiDkSJ4Xfdpl0agMTtFXwwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPTG9jYWxDb2RlciB0ZXN0MCAXDTI2MTEyNjIwNDY1NFoYDzIx
MjYxMTAyMjA0NjU0WjAaMRgwFgYDVQQDDA9Mb2NhbENvZGVyIHRlc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAARdxKpaRHRBMvqTgwl8FYlWLTdDYK1EkI0gRgv+
hetQQ4d8l1PSOxvexpG4SY++iajDJPsR26z1UQcBq+vfv5Uoo28wbTAdBgNVHQ4E
FgQUuc+QzSZVVjTXzgAJbDYKIpPhUkcwHwYDVR0jBBgwFoAUuc+QzSZVVjTXzgAJ
bDYKIpPhUkcwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
BH8AAAIwCgYIKoZIzj0EAwIDSAAwRQIhAI9y09udBSnUh2AQE5NTCBUytPsOAXrN
UBBYoOHeXvOlAiBRhzl7OijAJhFoKKecDjwPx5mo3Uu4JSw8JB+zQivC2g==
-----END CERTIFICATE-----
`;

/** The key of {@link testCertificate}; it guards nothing. */
export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEvozHvgnsokC+HAP
7NE3WIKOtzcrDwMzs++iMHxMwHChRANCAARdxKpaRHRBMvqTgwl8FYlWLTdDYK1E
kI0gRgv+hetQQ4d8l1PSOxvexpG4SY++iajDJPsR26z1UQcBq+vfv5Uo
-----END PRIVATE KEY-----
`;
