// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice Where a grant stands: a hash of patient, scope and recipient, whose lowest byte says which kinds of scope (upper half) and
 * recipient (lower half) they are, so that a reader of the key knows what to compare it with.
 */
type GrantKey is bytes32;

/// @notice Which records of a patient's wallet a grant covers: all, those of one record class, or one.
enum ScopeKind {
    None,
    All,
    Class,
    OneRecord
}

/// @notice Whom a grant admits: one wallet, everyone at an institution, or everyone in a role.
enum RecipientKind {
    None,
    Wallet,
    Institution,
    Role
}

/// @param kind Which kind of scope.
/// @param value 0 for All, the record class for Class, the record's id for OneRecord.
struct Scope {
    ScopeKind kind;
    bytes32 value;
}

/// @param kind Which kind of recipient.
/// @param value The wallet, the institution's number or the role.
struct Recipient {
    RecipientKind kind;
    uint160 value;
}

/// @notice What a grant allows, and when: `from <= t < until`.
/// @param purposes One bit for each purpose of use (`src/records/purposeOfUse.ts`); not zero.
/// @param dataClasses One bit for each section class ({DataClass}); not zero.
/// @param from Start in seconds; a start in the past counts from the grant on.
/// @param until End in seconds, exclusive; in the future.
struct Terms {
    uint32 purposes;
    uint32 dataClasses;
    uint40 from;
    uint40 until;
}

/**
 * @notice A grant, in one storage slot:
 *
 *     bits 0-31 purposes | 32-63 dataClasses | 64-103 from | 104-143 until | 144-183 revokedAt | 184-223 grantedAt
 *
 * It keeps its start, end and revocation after it is over, so that what held at an earlier block can be proven. `grantedAt` is when it was
 * granted: {IConsentRegistry-revokeAll} ends every grant made up to then at once, those of its own block included.
 */
type Grant is uint256;

using GrantLib for Grant global;

/**
 * @title GrantLib
 * @notice Reads and changes a {Grant}.
 */
library GrantLib {
    function pack(Terms memory terms_, uint256 grantedAt_) internal pure returns (Grant) {
        return
            Grant.wrap(
                uint256(terms_.purposes) |
                    (uint256(terms_.dataClasses) << 32) |
                    (uint256(terms_.from) << 64) |
                    (uint256(terms_.until) << 104) |
                    (grantedAt_ << 184)
            );
    }

    function purposes(Grant grant) internal pure returns (uint32) {
        return uint32(Grant.unwrap(grant));
    }

    function dataClasses(Grant grant) internal pure returns (uint32) {
        return uint32(Grant.unwrap(grant) >> 32);
    }

    function from(Grant grant) internal pure returns (uint40) {
        return uint40(Grant.unwrap(grant) >> 64);
    }

    function until(Grant grant) internal pure returns (uint40) {
        return uint40(Grant.unwrap(grant) >> 104);
    }

    function revokedAt(Grant grant) internal pure returns (uint40) {
        return uint40(Grant.unwrap(grant) >> 144);
    }

    /// @dev The uppermost field, so nothing needs to be masked.
    function grantedAt(Grant grant) internal pure returns (uint256) {
        return Grant.unwrap(grant) >> 184;
    }

    function exists(Grant grant) internal pure returns (bool) {
        return Grant.unwrap(grant) != 0;
    }

    /// @notice Whether the grant is not over: neither revoked, alone or with all others, nor ended. It may still be to start.
    /// @param allRevokedAt When the patient last revoked everything, in seconds; 0 for never.
    function isLive(Grant grant, uint40 allRevokedAt) internal view returns (bool) {
        return !grant.isRevoked(allRevokedAt) && block.timestamp < grant.until();
    }

    /// @notice Whether the grant was revoked, alone or with all others.
    function isRevoked(Grant grant, uint40 allRevokedAt) internal pure returns (bool) {
        return grant.revokedAt() != 0 || grant.grantedAt() <= allRevokedAt;
    }

    /// @notice When the grant is or was over, in seconds: at its end, or when it was revoked, alone or with all others.
    /// @param allRevokedSince When the patient first revoked everything since the grant, in seconds; 0 for never.
    function endOf(Grant grant, uint40 allRevokedSince) internal pure returns (uint40 end) {
        end = grant.until();
        if (grant.revokedAt() != 0 && grant.revokedAt() < end) end = grant.revokedAt();
        if (allRevokedSince != 0 && allRevokedSince < end) end = allRevokedSince;
    }

    function withRevokedAt(Grant grant, uint40 revokedAt_) internal pure returns (Grant) {
        return Grant.wrap(Grant.unwrap(grant) | (uint256(revokedAt_) << 144));
    }
}
