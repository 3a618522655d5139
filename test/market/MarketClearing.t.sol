// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bid, BidLib} from "../../contracts/market/Bid.sol";
import {Clearing} from "../../contracts/market/Clearing.sol";
import {DatasetId} from "../../contracts/market/Dataset.sol";
import {Offer, OfferLib} from "../../contracts/market/Offer.sol";
import {ClearingHandler__Harness as ClearingHandler} from "../doubles/ClearingHandler__Harness.sol";
import {Healthchain__Harness as Healthchain} from "../doubles/Healthchain__Harness.sol";
import {vm} from "../doubles/Vm.sol";

contract BidTest {
    /// @notice Each field is where the library draws it, in the units that it says.
    function testFuzz_ReadsEachField(
        uint24 bidder,
        uint64 alpha,
        uint56 c,
        uint32 dMin,
        uint64 maxPrice
    ) external pure {
        Bid bid = BidLib.pack(bidder, alpha, c, dMin, maxPrice);
        for (uint256 i = 0; i < 2; ++i) {
            assert(bid.bidder() == bidder);
            assert(bid.alpha() == uint256(alpha) * 1e9);
            assert(bid.c() == uint256(c) * 1e9);
            assert(bid.dMin() == uint256(dMin) * 1e18);
            assert(bid.maxPrice() == uint256(maxPrice) * 1e9);
            assert(bid.isReturned() == (i == 1));
            bid = bid.withReturned();
        }
    }

    /// @notice At any price that the bid takes, its whole records cost no more than its escrow.
    function testFuzz_EscrowCoversEveryPrice(
        uint64 alpha,
        uint56 c,
        uint32 dMin,
        uint64 maxPrice,
        uint256 price
    ) external pure {
        Bid bid = BidLib.pack(1, alpha, c, dMin, maxPrice);
        vm.assume(maxPrice != 0);
        price = 1 + (price % bid.maxPrice());
        assert((Clearing.demandAt(bid, price) / 1e18) * price <= bid.escrow());
    }
}

contract OfferTest {
    function testFuzz_ReadsEachField(
        uint32 dataset,
        uint80 cost,
        uint16 institution,
        uint24 capacity,
        uint24 amount
    ) external pure {
        Offer offer = OfferLib.pack(DatasetId.wrap(dataset), cost, institution, capacity);
        assert(DatasetId.unwrap(offer.dataset()) == dataset);
        assert(offer.cost() == cost);
        assert(offer.institution() == institution);
        assert(offer.capacity() == capacity);
        Offer expected = OfferLib.pack(DatasetId.wrap(dataset), cost, institution, amount);
        assert(Offer.unwrap(offer.part(amount)) == Offer.unwrap(expected));
    }
}

/// @notice The clearing's money, whatever is done in whatever order.
contract MarketClearingInvariantTest {
    ClearingHandler private _handler;

    function setUp() external {
        _handler = new ClearingHandler(new Healthchain());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice The clearing holds what it owes, the market what was ordered, and the bidders all the rest.
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_EveryCoinIsWhereItBelongs() external view {
        uint256 held = _handler.coin().balanceOf(address(_handler.clearing()));
        uint256 paid = _handler.coin().balanceOf(address(_handler.market()));
        assert(held == _handler.owed());
        assert(paid == _handler.ordered());
        uint256 left = 0;
        for (uint256 i = 0; i < _handler.BIDDERS(); ++i) left += _handler.coin().balanceOf(_handler.bidderAt(i));
        assert(left + held + paid == _handler.BIDDERS() * _handler.COINS_OF_BIDDER());
    }
}
