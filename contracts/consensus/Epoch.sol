// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice An epoch and the set that serves in it, in one storage slot:
 *
 *     bits 0-31 number | 32-71 startedAt | 72-111 firstSlot | 112-159 firstBlock | 160-167 snapshot | 168-175 seats | 176-239 total
 *
 * `startedAt` is in seconds. The set builds and audits the blocks from `firstBlock` on, in the slots from `firstSlot` on: from the block
 * after the one that elected it. `snapshot` is where its `seats` are kept, `total` their voting power in gwei of coin.
 */
type Epoch is uint256;

using EpochLib for Epoch global;

/**
 * @title EpochLib
 * @notice Reads an {Epoch}.
 */
library EpochLib {
    function pack(
        uint256 number_,
        uint256 startedAt_,
        uint256 firstSlot_,
        uint256 firstBlock_,
        uint256 snapshot_,
        uint256 seats_,
        uint256 total_
    ) internal pure returns (Epoch) {
        return
            Epoch.wrap(
                number_ |
                    (startedAt_ << 32) |
                    (firstSlot_ << 72) |
                    (firstBlock_ << 112) |
                    (snapshot_ << 160) |
                    (seats_ << 168) |
                    (total_ << 176)
            );
    }

    function number(Epoch epoch) internal pure returns (uint32) {
        return uint32(Epoch.unwrap(epoch));
    }

    function startedAt(Epoch epoch) internal pure returns (uint256) {
        return uint40(Epoch.unwrap(epoch) >> 32);
    }

    function firstSlot(Epoch epoch) internal pure returns (uint256) {
        return uint40(Epoch.unwrap(epoch) >> 72);
    }

    function firstBlock(Epoch epoch) internal pure returns (uint256) {
        return uint48(Epoch.unwrap(epoch) >> 112);
    }

    function snapshot(Epoch epoch) internal pure returns (uint256) {
        return uint8(Epoch.unwrap(epoch) >> 160);
    }

    function seats(Epoch epoch) internal pure returns (uint256) {
        return uint8(Epoch.unwrap(epoch) >> 168);
    }

    /// @dev The uppermost field, so nothing needs to be masked.
    function total(Epoch epoch) internal pure returns (uint256) {
        return Epoch.unwrap(epoch) >> 176;
    }
}
