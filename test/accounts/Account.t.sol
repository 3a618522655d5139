// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, AccountLib, Role, Status} from "../../contracts/accounts/Account.sol";
import {vm} from "../doubles/Vm.sol";

/// @notice An account's one slot, for any values.
contract AccountTest {
    function testFuzz_UnpacksWhatItPacked(
        uint8 roleSeed,
        uint8 statusSeed,
        uint16 institution,
        uint24 number,
        uint40 expiresAt
    ) external pure {
        (Role role, Status status) = _enums(roleSeed, statusSeed);
        Account account = AccountLib.pack(role, status, institution, number, expiresAt);
        assert(account.role() == role && account.status() == status);
        assert(account.institution() == institution && account.number() == number && account.expiresAt() == expiresAt);
        assert(account.isIn(role));
    }

    function testFuzz_PacksAsTheLayoutDraws(
        uint8 roleSeed,
        uint8 statusSeed,
        uint16 institution,
        uint24 number,
        uint40 expiresAt
    ) external pure {
        (Role role, Status status) = _enums(roleSeed, statusSeed);
        uint256 expected =
            uint8(role) +
                uint256(uint8(status)) * 2 ** 8 +
                uint256(institution) * 2 ** 16 +
                uint256(number) * 2 ** 32 +
                uint256(expiresAt) * 2 ** 56;
        assert(Account.unwrap(AccountLib.pack(role, status, institution, number, expiresAt)) == expected);
    }

    function testFuzz_AStatusChangesNothingElse(
        uint8 roleSeed,
        uint8 from,
        uint8 to,
        uint16 institution
    ) external pure {
        (Role role, Status before) = _enums(roleSeed, from);
        (, Status then) = _enums(roleSeed, to);
        Account account = AccountLib.pack(role, before, institution, 7, 9).withStatus(then);
        assert(Account.unwrap(account) == Account.unwrap(AccountLib.pack(role, then, institution, 7, 9)));
    }

    function testFuzz_IsActiveBeforeItsEndOnly(uint8 statusSeed, uint40 expiresAt, uint40 moment) external {
        (, Status status) = _enums(0, statusSeed);
        vm.warp(moment);
        Account account = AccountLib.pack(Role.Doctor, status, 1, 1, expiresAt);
        assert(account.isActive() == (status == Status.Active && moment < expiresAt));
    }

    function testFuzz_EndsAtTheVerySecond(uint40 expiresAt) external {
        vm.assume(expiresAt != 0);
        Account account = AccountLib.pack(Role.Doctor, Status.Active, 1, 1, expiresAt);
        vm.warp(expiresAt - 1);
        assert(account.isActive());
        account.requireActive(address(this), Role.Doctor);
        vm.warp(expiresAt);
        assert(!account.isActive());
        vm.expectRevert(abi.encodeWithSelector(AccountLib.AccountExpired.selector, address(this), expiresAt));
        this.requireActive(account, address(this), Role.Doctor);
    }

    function testFuzz_RequiresARoleAndActivity(
        uint8 roleSeed,
        uint8 statusSeed,
        uint8 requiredSeed,
        uint40 expiresAt,
        uint40 moment
    ) external {
        (Role role, Status status) = _enums(roleSeed, statusSeed);
        (Role required, ) = _enums(requiredSeed, 0);
        vm.warp(moment);
        Account account = AccountLib.pack(role, status, 1, 1, expiresAt);
        bool fits = role == required && status == Status.Active && moment < expiresAt;
        try this.requireActive(account, address(this), required) {
            assert(fits);
        } catch {
            assert(!fits);
        }
    }

    function requireActive(Account account, address wallet, Role required) external view {
        account.requireActive(wallet, required);
    }

    function _enums(uint8 roleSeed, uint8 statusSeed) private pure returns (Role, Status) {
        return (Role(roleSeed % (uint8(type(Role).max) + 1)), Status(statusSeed % (uint8(type(Status).max) + 1)));
    }
}
