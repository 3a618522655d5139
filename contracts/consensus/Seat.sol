// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice One validator of an epoch's set, in one storage slot:
 *
 *     bits 0-159 validator | 160-223 end | 224-239 candidate
 *
 * `candidate` is the institution's number, `end` the sum of the voting power of all seats up to and including this one, in gwei of coin.
 * Seats stand in the order of candidate numbers, so the words of a set ascend; their ends cut [0, total) into one interval for each.
 */
type Seat is uint256;

using SeatLib for Seat global;

/**
 * @title SeatLib
 * @notice Reads a {Seat}.
 */
library SeatLib {
    /// @dev While a set is being elected, `end` is the seat's own power.
    function pack(address validator_, uint64 end_, uint16 candidate_) internal pure returns (Seat) {
        return Seat.wrap(uint256(uint160(validator_)) | (uint256(end_) << 160) | (uint256(candidate_) << 224));
    }

    function validator(Seat seat) internal pure returns (address) {
        return address(uint160(Seat.unwrap(seat)));
    }

    function end(Seat seat) internal pure returns (uint256) {
        return uint64(Seat.unwrap(seat) >> 160);
    }

    /// @dev The uppermost field, so nothing needs to be masked.
    function candidate(Seat seat) internal pure returns (uint16) {
        return uint16(Seat.unwrap(seat) >> 224);
    }

    function withEnd(Seat seat, uint256 end_) internal pure returns (Seat) {
        return Seat.wrap((Seat.unwrap(seat) & ~(uint256(type(uint64).max) << 160)) | (end_ << 160));
    }

    /// @notice The voting power of the seat at `index`, in gwei: its end less the end before it.
    function powerAt(Seat[] memory seats, uint256 index) internal pure returns (uint256) {
        uint256 end_ = seats[index].end();
        return index == 0 ? end_ : end_ - seats[index - 1].end();
    }

    /// @notice The sum of the ends, which are powers of 64 bits while a set is being elected.
    function sumOfEnds(Seat[] memory seats) internal pure returns (uint256 sum) {
        assembly ("memory-safe") {
            let position := add(seats, 0x20)
            for {
                let last := add(position, shl(5, mload(seats)))
            } lt(position, last) {
                position := add(position, 0x20)
            } {
                sum := add(sum, and(shr(160, mload(position)), 0xffffffffffffffff))
            }
        }
    }

    /// @notice Shortens the array.
    /// @param seats The array.
    /// @param length At most its length.
    function truncate(Seat[] memory seats, uint256 length) internal pure {
        assembly ("memory-safe") {
            mstore(seats, length)
        }
    }

    /// @notice The same array, as plain words.
    function words(Seat[] memory seats) internal pure returns (uint256[] memory plain) {
        assembly ("memory-safe") {
            plain := seats
        }
    }
}
