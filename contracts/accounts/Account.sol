// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a certified wallet is in the system (the paper's medical nodes).
enum Role {
    None,
    Patient,
    Doctor,
    Institution,
    Researcher,
    Company,
    Auditor,
    Insurer,
    Bank
}

/// @notice Where a wallet's certificate stands. Expiry is a matter of the clock and no status.
enum Status {
    None,
    Active,
    Suspended,
    Revoked
}

/**
 * @notice Everything that a contract needs to know about a wallet, in the one storage slot that answers it:
 *
 *     bits 0-7 role | 8-15 status | 16-31 institution | 32-55 number | 56-95 expiresAt
 *
 * `institution` is where a professional works, the own number of an institution, 0 for a patient. `number` is the stable number of an
 * institution or a professional, 0 for a patient. `expiresAt` is in seconds; the certificate is good before it.
 */
type Account is uint256;

using AccountLib for Account global;

/**
 * @title AccountLib
 * @notice Reads an {Account}, and the one check that every user's action starts with.
 */
library AccountLib {
    /// @notice The wallet has no certificate. Remedy: have a registrar issue one and enroll it.
    error AccountNotCertified(address wallet);

    /// @notice The wallet's certificate is suspended. Remedy: ask the registrar to reinstate it.
    error AccountSuspended(address wallet);

    /// @notice The wallet's certificate is revoked for good. Remedy: enroll a new wallet.
    error AccountRevoked(address wallet);

    /// @notice The certificate ended at `expiresAt`. Remedy: enroll a renewed one.
    error AccountExpired(address wallet, uint256 expiresAt);

    /// @notice The wallet is certified in another role than the action needs.
    error AccountRoleMismatch(address wallet, Role role, Role required);

    function pack(
        Role role_,
        Status status_,
        uint16 institution_,
        uint24 number_,
        uint40 expiresAt_
    ) internal pure returns (Account) {
        return
            Account.wrap(
                uint256(role_) |
                    (uint256(status_) << 8) |
                    (uint256(institution_) << 16) |
                    (uint256(number_) << 32) |
                    (uint256(expiresAt_) << 56)
            );
    }

    function role(Account account) internal pure returns (Role) {
        return Role(uint8(Account.unwrap(account)));
    }

    function status(Account account) internal pure returns (Status) {
        return Status(uint8(Account.unwrap(account) >> 8));
    }

    function institution(Account account) internal pure returns (uint16) {
        return uint16(Account.unwrap(account) >> 16);
    }

    function number(Account account) internal pure returns (uint24) {
        return uint24(Account.unwrap(account) >> 32);
    }

    /// @dev The uppermost field, so nothing needs to be masked.
    function expiresAt(Account account) internal pure returns (uint256) {
        return Account.unwrap(account) >> 56;
    }

    function withStatus(Account account, Status status_) internal pure returns (Account) {
        return Account.wrap((Account.unwrap(account) & ~uint256(0xff00)) | (uint256(status_) << 8));
    }

    /// @notice Whether the account is in the role `role_`.
    function isIn(Account account, Role role_) internal pure returns (bool) {
        return uint8(Account.unwrap(account)) == uint8(role_);
    }

    /// @notice Whether the certificate is active and not expired.
    function isActive(Account account) internal view returns (bool) {
        return uint8(Account.unwrap(account) >> 8) == uint8(Status.Active) && block.timestamp < account.expiresAt();
    }

    /// @notice Whether the account is in the role `role_`, and the certificate active and not expired.
    function isActiveIn(Account account, Role role_) internal view returns (bool) {
        // Role and status stand side by side in the low 16 bits.
        uint256 expected = uint256(role_) | (uint256(Status.Active) << 8);
        return uint16(Account.unwrap(account)) == expected && block.timestamp < account.expiresAt();
    }

    /// @notice Reverts, saying why, unless `account` is an active certificate of `wallet` in the role `required`.
    function requireActive(Account account, address wallet, Role required) internal view {
        if (account.isActiveIn(required)) return;

        Status status_ = account.status();
        if (status_ == Status.None) revert AccountNotCertified(wallet);
        if (status_ == Status.Revoked) revert AccountRevoked(wallet);
        if (status_ == Status.Suspended) revert AccountSuspended(wallet);
        if (account.role() != required) revert AccountRoleMismatch(wallet, account.role(), required);
        revert AccountExpired(wallet, account.expiresAt());
    }
}
